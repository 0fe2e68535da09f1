package io.streamcell.operators;

import io.streamcell.state.ValueTypeInformation;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.TypeSerializer;

/** Flink's type information of every value that travels. */
public final class ValueTypes {
    public static final TypeInformation<StreamEvent> STREAM_EVENT =
            new ValueTypeInformation<>(StreamEvent.class, new StreamEventSerializer());

    public static final TypeInformation<Incoming> INCOMING =
            new ValueTypeInformation<>(Incoming.class, new IncomingSerializer());

    public static final TypeInformation<OutputRecord> OUTPUT_RECORD =
            new ValueTypeInformation<>(OutputRecord.class, new OutputRecordSerializer());

    public static final TypeInformation<Rejected> REJECTED =
            new ValueTypeInformation<>(Rejected.class, new RejectedSerializer());

    public static final TypeInformation<ControlEvent> CONTROL_EVENT =
            new ValueTypeInformation<>(ControlEvent.class, new ControlEventSerializer());

    private ValueTypes() {}

    /** One kind of output record. */
    @SuppressWarnings("unchecked")
    static <T extends OutputRecord> TypeInformation<T> of(Class<T> type) {
        TypeSerializer<?> serializer = new OutputRecordSerializer();
        return new ValueTypeInformation<>(type, (TypeSerializer<T>) serializer);
    }
}
