package io.streamcell.jobs.avro;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.Schema;

/** The schemas in the jar. */
final class Schemas {
    static final Schema EVENT = read("event.avsc");
    static final Schema SCORE = read("score.avsc");
    static final Schema STATE = read("state.avsc");
    static final Schema REJECTED = read("rejected.avsc");

    /** Of a topic where states stand among the scores. */
    static final Schema SCORE_OR_STATE = Schema.createUnion(SCORE, STATE);

    /** As which states are read: an event with the flags of a state. */
    static final Schema SENT_BACK = sentBack();

    private Schemas() {}

    private static Schema sentBack() {
        Schema texts = Schema.createArray(Schema.create(Schema.Type.STRING));
        Schema flags = Schema.createUnion(Schema.create(Schema.Type.NULL), texts);
        List<Schema.Field> fields = new ArrayList<>();
        for (Schema.Field field : EVENT.getFields()) {
            fields.add(new Schema.Field(field, field.schema()));
        }
        fields.add(new Schema.Field("flags", flags, null, Schema.Field.NULL_DEFAULT_VALUE));
        return Schema.createRecord(
                EVENT.getName(), EVENT.getDoc(), EVENT.getNamespace(), false, fields);
    }

    private static Schema read(String file) {
        try (InputStream schema = Schemas.class.getResourceAsStream(file)) {
            return new Schema.Parser().parse(schema);
        } catch (IOException e) {
            throw new UncheckedIOException(file + " must be in the jar", e);
        }
    }
}
