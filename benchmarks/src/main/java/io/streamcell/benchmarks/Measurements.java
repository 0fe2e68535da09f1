package io.streamcell.benchmarks;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Writes measurements as JSON, one object a line, as {@code bench --json} promises. */
public final class Measurements {
    private static final JsonFactory JSON = new JsonFactory();

    private Measurements() {}

    public static void write(List<Measurement> measurements, Path file) throws IOException {
        try (Writer writer = Files.newBufferedWriter(file)) {
            for (Measurement each : measurements) {
                try (JsonGenerator json =
                        JSON.createGenerator(writer)
                                .disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET)) {
                    json.writeStartObject();
                    json.writeStringField("case", each.workload());
                    json.writeStringField("subject", each.subject());
                    json.writeNumberField("rate", each.rate());
                    json.writeStringField("unit", each.unit());
                    json.writeNumberField("low", each.low());
                    json.writeNumberField("high", each.high());
                    json.writeEndObject();
                }
                writer.write('\n');
            }
        }
    }
}
