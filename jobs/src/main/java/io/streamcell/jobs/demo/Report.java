package io.streamcell.jobs.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.streamcell.jobs.report.Page;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;

/**
 * One self-contained page: the totals of a run, and a chart of each series. Data stands in it as
 * JSON, arrays as little-endian numbers in base64; nothing of it is ever markup, whatever a series
 * is called.
 */
public final class Report {
    private static final String FOLDER = "/io/streamcell/jobs/demo/report/";
    private static final Page PAGE =
            new Page(FOLDER + "report.html", FOLDER + "report.css", FOLDER + "report.js");
    private static final ObjectMapper JSON = new ObjectMapper();

    private final ObjectNode data = JSON.createObjectNode();

    public Report(String title) {
        data.put("title", title);
        data.putArray("facts");
        data.putArray("series");
    }

    /** Adds a number at the head of the page. */
    public void fact(String label, String value, String note) {
        ((ArrayNode) data.get("facts"))
                .addObject()
                .put("label", label)
                .put("value", value)
                .put("note", note);
    }

    /** The sentence below the title. */
    public void verdict(String text) {
        data.put("verdict", text);
    }

    /**
     * Adds a series with its forecasts.
     *
     * @param records the stream's scores in order
     * @param horizons of the outputs, in rows
     */
    void series(Series series, List<byte[]> records, int[] horizons) {
        int rows = series.rows();
        float[][] outputs = outputs(records, rows, horizons.length);
        ObjectNode node = ((ArrayNode) data.get("series")).addObject();
        node.put("name", series.name());
        boolean[] kept = ascending(series.times());
        int count = 0;
        for (boolean keep : kept) {
            count += keep ? 1 : 0;
        }
        ByteBuffer times = buffer(count);
        ByteBuffer values = buffer(count);
        for (int row = 0; row < rows; row++) {
            if (kept[row]) {
                times.putInt((int) series.times()[row]);
                values.putFloat((float) series.values()[row]);
            }
        }
        node.put("times", base64(times)).put("values", base64(values));
        ArrayNode forecasts = node.putArray("forecasts");
        for (int h = 0; h < horizons.length; h++) {
            forecasts.add(forecast(series, outputs, h, horizons[h], kept, count));
        }
        ArrayNode windows = node.putArray("windows");
        series.windows().forEach(window -> windows.addArray().add(window[0]).add(window[1]));
        ArrayNode resets = node.putArray("resets");
        for (int row = 1; row < rows; row++) {
            if (series.gapBefore(row)) {
                resets.add(series.times()[row]);
            }
        }
        node.put("unseenFrom", series.times()[series.trainedRows()]);
    }

    /** The rows that are later than all before them; a chart needs its times to ascend. */
    private static boolean[] ascending(long[] times) {
        boolean[] kept = new boolean[times.length];
        long latest = Long.MIN_VALUE;
        for (int row = 0; row < times.length; row++) {
            kept[row] = times[row] > latest;
            latest = Math.max(latest, times[row]);
        }
        return kept;
    }

    /**
     * The forecast of each row, made {@code horizon} rows before; NaN where a reset lies between.
     */
    private static ObjectNode forecast(
            Series series, float[][] outputs, int index, int horizon, boolean[] kept, int count) {
        ByteBuffer forecast = buffer(count);
        double ours = 0;
        double last = 0;
        int afterReset = 0;
        for (int row = 0; row < series.rows(); row++) {
            int from = row - horizon;
            afterReset = series.gapBefore(row) ? row : afterReset;
            boolean known = from >= afterReset && !Float.isNaN(outputs[from][index]);
            double value = known ? series.forecast(from, outputs[from][index]) : Double.NaN;
            if (kept[row]) {
                forecast.putFloat((float) value);
            }
            if (known && from >= series.trainedRows()) {
                ours += Math.abs(series.values()[row] - value);
                last += Math.abs(series.values()[row] - series.values()[from]);
            }
        }
        ObjectNode node = JSON.createObjectNode();
        node.put("horizon", horizon).put("values", base64(forecast));
        if (last > 0) {
            node.put("ratio", ours / last);
        }
        return node;
    }

    private static float[][] outputs(List<byte[]> records, int rows, int width) {
        float[][] outputs = new float[rows][width];
        for (float[] row : outputs) {
            java.util.Arrays.fill(row, Float.NaN);
        }
        for (byte[] record : records) {
            JsonNode score = ScoreLines.read(record);
            int at = score.path("start").asInt();
            for (JsonNode row : score.path("outputs")) {
                for (int k = 0; k < width; k++) {
                    outputs[at][k] = (float) row.get(k).asDouble();
                }
                at++;
            }
        }
        return outputs;
    }

    private static ByteBuffer buffer(int count) {
        return ByteBuffer.allocate(4 * count).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static String base64(ByteBuffer buffer) {
        return StandardCharsets.ISO_8859_1
                .decode(Base64.getEncoder().encode(buffer.flip()))
                .toString();
    }

    /** Writes the page. */
    public void write(Path file) throws IOException {
        PAGE.write(data, file);
    }
}
