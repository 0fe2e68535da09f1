package io.streamcell.operators;

import java.io.IOException;
import org.apache.flink.annotation.Public;

/** A model file does not have the SHA-256 that it must have. */
@Public
public final class OtherModelException extends IOException {
    private static final long serialVersionUID = 1;

    OtherModelException(String message) {
        super(message);
    }
}
