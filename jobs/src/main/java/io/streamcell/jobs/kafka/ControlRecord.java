package io.streamcell.jobs.kafka;

import io.streamcell.operators.ControlEvent;
import io.streamcell.operators.ControlEventSerializer;
import io.streamcell.operators.Rejected;
import io.streamcell.operators.RejectedSerializer;
import io.streamcell.state.ImmutableValueSerializer;
import io.streamcell.state.ValueTypeInformation;
import java.io.IOException;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * What the control topic's source makes of a record. Exactly one is there.
 *
 * @param event or null
 * @param rejected the reason why it is none, or null
 */
public record ControlRecord(ControlEvent event, Rejected rejected) {
    static final TypeInformation<ControlRecord> TYPE =
            new ValueTypeInformation<>(ControlRecord.class, new Serializer());

    /** Carries it from task to task, where the two are not chained. */
    public static final class Serializer extends ImmutableValueSerializer<ControlRecord> {
        private static final long serialVersionUID = 1;

        private final ControlEventSerializer events = new ControlEventSerializer();
        private final RejectedSerializer rejected = new RejectedSerializer();

        @Override
        public void serialize(ControlRecord record, DataOutputView target) throws IOException {
            target.writeBoolean(record.event() != null);
            if (record.event() != null) {
                events.serialize(record.event(), target);
            } else {
                rejected.serialize(record.rejected(), target);
            }
        }

        @Override
        public ControlRecord deserialize(DataInputView source) throws IOException {
            return source.readBoolean()
                    ? new ControlRecord(events.deserialize(source), null)
                    : new ControlRecord(null, rejected.deserialize(source));
        }

        @Override
        public TypeSerializerSnapshot<ControlRecord> snapshotConfiguration() {
            return new Snapshot();
        }
    }

    /** What a checkpoint says of the serializer. */
    public static final class Snapshot extends SimpleTypeSerializerSnapshot<ControlRecord> {
        public Snapshot() {
            super(Serializer::new);
        }
    }
}
