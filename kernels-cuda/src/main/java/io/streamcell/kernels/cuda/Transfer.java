package io.streamcell.kernels.cuda;

import java.nio.ByteBuffer;

/**
 * Memory of the host and as much of the device, between which values are copied, on a stream of its
 * own. Owned by one thread.
 */
final class Transfer implements AutoCloseable {
    private final Device.Stream stream;
    private final HostMemory host;
    private final Memory memory;

    Transfer(Device device) {
        this.stream = device.newStream();
        this.host = new HostMemory(device);
        this.memory = new Memory(device);
    }

    Device.Stream stream() {
        return stream;
    }

    /** Makes room; what was there before is gone, and nothing may be under way. */
    void reserve(long bytes) {
        host.reserve(bytes);
        memory.reserve(bytes);
    }

    ByteBuffer host() {
        return host.buffer();
    }

    /** Of the device's memory. */
    long address() {
        return memory.address();
    }

    void upload(long bytes) {
        stream.upload(memory.address(), host.memory(), bytes);
    }

    void download(long bytes) {
        stream.download(host.memory(), 0, memory.address(), bytes);
    }

    @Override
    public void close() {
        host.close();
        memory.close();
        stream.close();
    }
}
