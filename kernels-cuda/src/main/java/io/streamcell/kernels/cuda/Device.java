package io.streamcell.kernels.cuda;

import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * A CUDA device, as far as the kernels need one. Addresses are those of its memory. Failures are
 * thrown as {@link CudaException}; after some a device serves nobody in this process any more,
 * {@link #failure}.
 */
interface Device {
    /**
     * What kernels are compiled and launched for.
     *
     * @param capability compute capability, the major version times ten plus the minor
     * @param sharedPerBlock bytes of shared memory that one block can have
     * @param sharedPerMultiprocessor bytes of shared memory that all blocks of one can have
     */
    record Properties(
            String name,
            int capability,
            int multiprocessors,
            int sharedPerBlock,
            int sharedPerMultiprocessor) {
        @Override
        public String toString() {
            return "%s (compute capability %d.%d)"
                    .formatted(name, capability / 10, capability % 10);
        }
    }

    Properties properties();

    /** Why the device serves nobody in this process any more; empty while it does. */
    Optional<String> failure();

    /** Bytes of memory that are free now. */
    long freeMemory();

    /**
     * Memory of the device, aligned to 256 bytes, holding anything.
     *
     * @throws CudaException if there is not that much
     */
    long allocate(long bytes);

    void release(long address);

    /** Memory of the host that copies go through at full speed, in the machine's byte order. */
    Host allocateHost(long bytes);

    void release(Host memory);

    /**
     * Memory of the host.
     *
     * @param handle the device's own name for it
     */
    record Host(ByteBuffer buffer, Object handle) {}

    /** Compiles a source that includes what lies beside this class. */
    Module compile(String source);

    /** Work that is done in order. */
    Stream newStream();

    /** Kernels in the device's memory. */
    interface Module extends AutoCloseable {
        /**
         * A kernel of the source.
         *
         * @param sharedBytes of shared memory for each block
         */
        Kernel kernel(String name, int sharedBytes);

        @Override
        void close();
    }

    /**
     * What can be launched, in blocks of {@link #THREADS} threads.
     *
     * @param handle the device's own name for it
     * @param resident how many blocks all multiprocessors hold at once
     */
    record Kernel(String name, Object handle, int sharedBytes, int resident) {
        static final int THREADS = 256;
    }

    /** Copies and launches, each begun when the one before has ended. */
    interface Stream extends AutoCloseable {
        /** Copies host memory, from its start, to the device. */
        void upload(long to, Host from, long bytes);

        /** Copies device memory to byte {@code at} of host memory. */
        void download(Host to, long at, long from, long bytes);

        /** Fills memory of the device with zeros. */
        void clear(long at, long bytes);

        /**
         * Launches {@code x} by {@code y} blocks.
         *
         * @param arguments pointers and 64-bit integers, as the kernel declares them
         */
        void launch(Kernel kernel, int x, int y, long... arguments);

        /** Launches blocks that may wait for each other, not more than are resident. */
        void launchTogether(Kernel kernel, int blocks, long... arguments);

        /** Waits until all of it is done. */
        void await();

        /** Whether {@link #await} would return, or fail, at once. */
        boolean done();

        @Override
        void close();
    }
}
