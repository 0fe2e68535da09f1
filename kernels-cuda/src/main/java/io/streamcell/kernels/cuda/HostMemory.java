package io.streamcell.kernels.cuda;

import java.nio.ByteBuffer;

/** Memory of the host for copies, which grows as it is asked to. What it held is gone then. */
final class HostMemory implements AutoCloseable {
    private static final long LEAST = 1 << 16;

    private final Device device;
    private Device.Host memory;

    HostMemory(Device device) {
        this.device = device;
    }

    /** Makes room; no copy may be under way. */
    void reserve(long bytes) {
        if (memory == null || bytes > memory.buffer().capacity()) {
            close();
            memory = device.allocateHost(Math.max(LEAST, bytes + bytes / 2));
        }
    }

    /** In the machine's byte order. */
    ByteBuffer buffer() {
        return memory.buffer();
    }

    Device.Host memory() {
        return memory;
    }

    @Override
    public void close() {
        if (memory != null) {
            device.release(memory);
            memory = null;
        }
    }
}
