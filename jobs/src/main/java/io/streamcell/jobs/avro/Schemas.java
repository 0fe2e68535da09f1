package io.streamcell.jobs.avro;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import org.apache.avro.Schema;

/** The schemas in the jar. */
final class Schemas {
    static final Schema EVENT = read("event.avsc");
    static final Schema SCORE = read("score.avsc");
    static final Schema STATE = read("state.avsc");
    static final Schema REJECTED = read("rejected.avsc");

    /** Of a topic where states stand among the scores. */
    static final Schema SCORE_OR_STATE = Schema.createUnion(SCORE, STATE);

    private Schemas() {}

    private static Schema read(String file) {
        try (InputStream schema = Schemas.class.getResourceAsStream(file)) {
            return new Schema.Parser().parse(schema);
        } catch (IOException e) {
            throw new UncheckedIOException(file + " must be in the jar", e);
        }
    }
}
