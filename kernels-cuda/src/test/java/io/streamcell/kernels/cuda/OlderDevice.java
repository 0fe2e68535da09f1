package io.streamcell.kernels.cuda;

import java.util.Optional;

/**
 * A GPU that computes with the kernels of an older kind: their source, tiles and shared memory are
 * that kind's, and the driver translates its assembly.
 */
final class OlderDevice implements Device {
    private final CudaDevice device;
    private final Properties properties;

    /**
     * @param capability 75, 80, 86 or 89, and not above the device's own
     */
    OlderDevice(CudaDevice device, int capability) {
        this.device = device;
        int shared =
                switch (capability) {
                    case 75 -> 64 << 10;
                    case 80 -> 164 << 10;
                    case 86, 89 -> 100 << 10;
                    default ->
                            throw new IllegalArgumentException(
                                    "a compute capability must be 75, 80, 86 or 89, got "
                                            + capability);
                };
        // From 8.0 on the system keeps a kilobyte of a block's for itself.
        int block = capability == 75 ? shared : shared - (1 << 10);
        Properties own = device.properties();
        this.properties =
                new Properties(own.name(), capability, own.multiprocessors(), block, shared);
    }

    @Override
    public Module compile(String source) {
        return device.load(Nvrtc.compile(source, properties.capability(), Nvrtc.Target.PTX));
    }

    @Override
    public Properties properties() {
        return properties;
    }

    @Override
    public Optional<String> failure() {
        return device.failure();
    }

    @Override
    public long freeMemory() {
        return device.freeMemory();
    }

    @Override
    public long allocate(long bytes) {
        return device.allocate(bytes);
    }

    @Override
    public void release(long address) {
        device.release(address);
    }

    @Override
    public Host allocateHost(long bytes) {
        return device.allocateHost(bytes);
    }

    @Override
    public void release(Host memory) {
        device.release(memory);
    }

    @Override
    public Stream newStream() {
        return device.newStream();
    }
}
