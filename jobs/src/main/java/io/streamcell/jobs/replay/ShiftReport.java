package io.streamcell.jobs.replay;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.streamcell.jobs.report.Page;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * What another model's scores are beside those that were recorded: a summary, and a page with
 * charts.
 *
 * @param then what names the model that scored
 * @param now what names the other one
 */
public record ShiftReport(String then, String now, ReplayOutcome outcome, Shifts shifts) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Page PAGE =
            new Page(
                    "/io/streamcell/jobs/replay/report/shift.html",
                    "/io/streamcell/jobs/demo/report/report.css",
                    "/io/streamcell/jobs/replay/report/shift.js");

    /** The summary, one line of JSON. */
    public String line() throws JsonProcessingException {
        return JSON.writeValueAsString(summary());
    }

    private ObjectNode summary() {
        ObjectNode node = JSON.createObjectNode();
        node.put("then", then).put("now", now);
        node.put("streams", outcome.streams());
        long shifted = outcome.differences().get(Difference.OUTPUTS);
        node.put("timesteps", outcome.same() + shifted);
        node.put("same", outcome.same());
        node.put("missing", outcome.differences().get(Difference.MISSING));
        node.put("seconds", outcome.seconds());
        ArrayNode columns = node.putArray("shifts");
        shifts.outputs()
                .forEach(
                        (output, all) -> {
                            for (int k = 0; k < all.size(); k++) {
                                column(columns.addObject(), output, k, all.get(k));
                            }
                        });
        return node;
    }

    private static void column(ObjectNode node, String output, int index, ShiftColumn column) {
        if (!output.isEmpty()) {
            node.put("output", output);
        }
        node.put("index", index);
        node.put("count", column.count());
        node.put("mean", column.mean());
        node.put("meanAbsolute", column.meanAbsolute());
        node.put("rootMeanSquare", column.rootMeanSquare());
        node.put("greatest", column.greatest());
        if (column.greatestStream() != null) {
            node.put("greatestStream", column.greatestStream());
            node.put("greatestTimestep", column.greatestTimestep());
        }
        node.put("correlation", column.correlation());
        node.put("deviationThen", column.deviation());
        node.put("notFinite", column.notFinite());
    }

    /** Writes the page. */
    public void write(Path file) throws IOException {
        ObjectNode data = summary();
        data.put("leastExponent", ShiftColumn.LEAST_EXPONENT);
        ArrayNode columns = (ArrayNode) data.get("shifts");
        int at = 0;
        for (List<ShiftColumn> output : shifts.outputs().values()) {
            for (ShiftColumn column : output) {
                ObjectNode node = (ObjectNode) columns.get(at++);
                node.put("same", column.same());
                ArrayNode bins = node.putArray("bins");
                for (long bin : column.bins()) {
                    bins.add(bin);
                }
            }
        }
        ArrayNode courses = data.putArray("courses");
        shifts.courses().forEach((stream, course) -> course(courses.addObject(), stream, course));
        PAGE.write(data, file);
    }

    private static void course(ObjectNode node, String stream, ShiftCourse course) {
        node.put("stream", stream);
        ArrayNode timesteps = node.putArray("timesteps");
        ArrayNode was = node.putArray("then");
        ArrayNode is = node.putArray("now");
        float[] then = course.then();
        float[] now = course.now();
        long[] at = course.timesteps();
        long last = -1;
        for (int k = 0; k < at.length; k++) {
            // A chart needs them to ascend.
            if (at[k] > last && Float.isFinite(then[k]) && Float.isFinite(now[k])) {
                last = at[k];
                timesteps.add(at[k]);
                was.add(then[k]);
                is.add(now[k]);
            }
        }
    }
}
