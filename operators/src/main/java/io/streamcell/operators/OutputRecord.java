package io.streamcell.operators;

import java.util.List;
import org.apache.flink.annotation.Public;

/** What comes out for a stream, in the stream's order. */
@Public
public sealed interface OutputRecord permits Score, ExportedState {
    String stream();

    /** Fingerprint, precision and arithmetic's version, as in {@code 3f9c2a5e7b1d0c44.exact1}. */
    String model();

    /** Headers of the event that caused it. */
    List<Header> headers();
}
