package io.streamcell.jobs.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;

/**
 * A series of the Numenta Anomaly Benchmark, and how its rows become what the forecaster reads
 * ({@code examples/nab/README.md}).
 *
 * @param name group/file
 * @param times epoch seconds, taken as UTC
 * @param stepSeconds the usual step; a gap is a step longer than {@code gapFactor} of it, or one
 *     backwards
 * @param windows labelled anomalies, epoch seconds, first and last
 */
record Series(
        String name,
        long[] times,
        double[] values,
        double mean,
        double scale,
        int trainedRows,
        double stepSeconds,
        double clip,
        double gapFactor,
        List<long[]> windows) {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss");

    /** All series that the forecaster was trained for. */
    static List<Series> all(Path folder) throws IOException {
        ObjectMapper json = new ObjectMapper();
        JsonNode normalisation = json.readTree(folder.resolve("normalisation.json").toFile());
        JsonNode labels = json.readTree(folder.resolve("data/combined_windows.json").toFile());
        List<Series> all = new ArrayList<>();
        for (var entry : normalisation.get("series").properties()) {
            String name = entry.getKey();
            all.add(
                    read(
                            folder,
                            name,
                            entry.getValue(),
                            normalisation,
                            labels.path(name + ".csv")));
        }
        return all;
    }

    /** The horizons of the forecaster's outputs, in rows. */
    static int[] horizons(Path folder) throws IOException {
        JsonNode horizons =
                new ObjectMapper()
                        .readTree(folder.resolve("normalisation.json").toFile())
                        .get("horizons");
        int[] rows = new int[horizons.size()];
        for (int k = 0; k < rows.length; k++) {
            rows[k] = horizons.get(k).asInt();
        }
        return rows;
    }

    private static Series read(
            Path folder, String name, JsonNode norm, JsonNode common, JsonNode labels)
            throws IOException {
        List<String> lines = Files.readAllLines(folder.resolve("data").resolve(name + ".csv"));
        long[] times = new long[lines.size() - 1];
        double[] values = new double[times.length];
        for (int row = 0; row < times.length; row++) {
            String[] fields = lines.get(row + 1).split(",");
            times[row] = seconds(fields[0]);
            values[row] = Double.parseDouble(fields[1]);
        }
        List<long[]> windows = new ArrayList<>();
        for (JsonNode window : labels) {
            windows.add(
                    new long[] {
                        seconds(window.get(0).asText().substring(0, 19)),
                        seconds(window.get(1).asText().substring(0, 19))
                    });
        }
        return new Series(
                name,
                times,
                values,
                norm.get("mean").asDouble(),
                norm.get("scale").asDouble(),
                norm.get("train_rows").asInt(),
                norm.get("step").asDouble(),
                common.get("clip").asDouble(),
                common.get("gap_factor").asDouble(),
                windows);
    }

    private static long seconds(String time) {
        return LocalDateTime.parse(time, TIME).toEpochSecond(ZoneOffset.UTC);
    }

    int rows() {
        return times.length;
    }

    /** Whether the series goes on after a gap with this row. */
    boolean gapBefore(int row) {
        return row > 0 && times[row] - times[row - 1] > gapFactor * stepSeconds;
    }

    /**
     * What the network reads of a row: value, sine and cosine of the time of day; float64, rounded
     * once.
     */
    float[] features(int row) {
        double normalised = Math.max(-clip, Math.min(clip, (values[row] - mean) / scale));
        double day = 2 * Math.PI * Math.floorMod(times[row], 86_400L) / 86_400;
        return new float[] {(float) normalised, (float) Math.sin(day), (float) Math.cos(day)};
    }

    /** The value that an output at a row forecasts. */
    double forecast(int row, float output) {
        return values[row] + scale * output;
    }
}
