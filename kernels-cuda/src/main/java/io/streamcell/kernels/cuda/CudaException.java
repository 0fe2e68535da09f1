package io.streamcell.kernels.cuda;

/** A call of CUDA that failed, or memory that the device does not have. */
final class CudaException extends RuntimeException {
    private static final long serialVersionUID = 1;

    CudaException(String message) {
        super(message);
    }
}
