package io.streamcell.jobs.savepoints;

import io.streamcell.state.StreamState;
import io.streamcell.state.ValueTypeInformation;
import org.apache.flink.api.common.typeinfo.TypeInformation;

/** A stream of a savepoint. */
public record SavedStream(String stream, StreamState state) {
    static final TypeInformation<SavedStream> TYPE =
            new ValueTypeInformation<>(SavedStream.class, new SavedStreamSerializer());
}
