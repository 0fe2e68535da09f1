package io.streamcell.kernels;

/** A provider that cannot run here, or a network that it cannot compute. */
public final class KernelException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public KernelException(String message) {
        super(message);
    }

    public KernelException(String message, Throwable cause) {
        super(message, cause);
    }
}
