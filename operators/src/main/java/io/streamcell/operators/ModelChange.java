package io.streamcell.operators;

import io.streamcell.operators.SequencePolicy.OnModelChange;
import io.streamcell.state.ImmutableValueSerializer;
import java.io.IOException;
import java.io.Serializable;
import java.util.Objects;
import org.apache.flink.annotation.Public;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * A model takes another's place, for each stream from its first timestep of an event time or later
 * on.
 *
 * @param name of the model
 * @param time event time; {@link #AT_ONCE} for a job that was started with another model
 * @param policy what becomes of a stream's state
 * @param model that takes over
 */
@Public
public record ModelChange(String name, long time, OnModelChange policy, ModelReference model)
        implements Serializable {
    private static final long serialVersionUID = 1;

    /** Before every time, and where there is none. */
    public static final long AT_ONCE = Long.MIN_VALUE;

    public ModelChange {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(model, "model");
        if (policy == OnModelChange.FAIL) {
            throw new IllegalArgumentException("a model that takes over must not make it fail");
        }
    }

    /** Its bytes in broadcast state; each begins with a version, now 1. */
    public static final class Serializer extends ImmutableValueSerializer<ModelChange> {
        private static final long serialVersionUID = 1;
        private static final int VERSION = 1;

        private final ModelReferenceSerializer models = new ModelReferenceSerializer();

        @Override
        public void serialize(ModelChange change, DataOutputView target) throws IOException {
            target.writeByte(VERSION);
            Fields.text(change.name(), target);
            target.writeLong(change.time());
            Fields.text(change.policy().toString(), target);
            models.serialize(change.model(), target);
        }

        @Override
        public ModelChange deserialize(DataInputView source) throws IOException {
            int version = source.readUnsignedByte();
            if (version != VERSION) {
                throw new IOException(
                        "a change of model must have version %d, got %d: it was written by a newer Streamcell"
                                .formatted(VERSION, version));
            }
            String name = Fields.text(source);
            long time = source.readLong();
            OnModelChange policy = OnModelChange.named(Fields.text(source)).orElseThrow();
            return new ModelChange(name, time, policy, models.deserialize(source));
        }

        @Override
        public TypeSerializerSnapshot<ModelChange> snapshotConfiguration() {
            return new Snapshot();
        }
    }

    /** What a checkpoint says of the serializer. */
    public static final class Snapshot extends SimpleTypeSerializerSnapshot<ModelChange> {
        public Snapshot() {
            super(Serializer::new);
        }
    }
}
