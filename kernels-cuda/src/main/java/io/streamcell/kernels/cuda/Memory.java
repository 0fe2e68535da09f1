package io.streamcell.kernels.cuda;

/** Memory of the device that grows as it is asked to. What it held is gone then. */
final class Memory implements AutoCloseable {
    private static final long LEAST = 1 << 16;

    private final Device device;
    private long address;
    private long capacity;

    Memory(Device device) {
        this.device = device;
    }

    /** Makes room; nothing that uses it may be under way. */
    void reserve(long bytes) {
        if (bytes > capacity) {
            close();
            long larger = Math.max(LEAST, bytes + bytes / 2);
            address = device.allocate(larger);
            capacity = larger;
        }
    }

    long address() {
        return address;
    }

    @Override
    public void close() {
        if (capacity > 0) {
            device.release(address);
            capacity = 0;
        }
    }
}
