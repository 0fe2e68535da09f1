package io.streamcell.kernels.cuda;

import io.streamcell.models.Activation;
import java.util.ArrayList;
import java.util.List;

/**
 * A compiled network on a device: its weights there, its kernels, and the order of their launches.
 * Owns both; used by one thread at a time.
 */
final class Program implements AutoCloseable {
    /**
     * A state tensor in the slab.
     *
     * @param offset in the layout's vector
     * @param axis of time that its layer runs on
     * @param versions how often each stream's lies there: h twice, see {@code cells.cuh}
     */
    record StateTensor(int offset, int units, int axis, int versions) {
        int pitch() {
            return Extent.padded(units);
        }

        long bytes(int slots) {
            return (long) versions * slots * pitch() * Float.BYTES;
        }
    }

    /** Launches what computes some tensors from others. */
    interface Step {
        void launch(Piece piece);
    }

    private final Device device;
    private final List<Long> weights = new ArrayList<>();
    private Device.Module module;

    final List<Extent> tensors = new ArrayList<>();
    final List<Step> steps = new ArrayList<>();
    final List<StateTensor> states = new ArrayList<>();

    /** Kernels that move rows and states, whatever the network. */
    Kernels kernels;

    /** Whether a step may tell of a wrong token. */
    boolean checksTokens;

    Program(Device device) {
        this.device = device;
    }

    Device device() {
        return device;
    }

    void own(Device.Module compiled) {
        module = compiled;
        kernels = new Kernels(compiled);
    }

    Device.Kernel kernel(String name, int sharedBytes) {
        return module.kernel(name, sharedBytes);
    }

    /** Copies weights to the device, where they stay. */
    long upload(int[] words) {
        long bytes = (long) words.length * Integer.BYTES;
        long address = device.allocate(bytes);
        weights.add(address);
        Device.Host host = device.allocateHost(bytes);
        try (Device.Stream stream = device.newStream()) {
            host.buffer().asIntBuffer().put(words);
            stream.upload(address, host, bytes);
            stream.await();
        } finally {
            device.release(host);
        }
        return address;
    }

    @Override
    public void close() {
        weights.forEach(device::release);
        weights.clear();
        if (module != null) {
            module.close();
            module = null;
        }
    }

    /** The kernels of {@code rows.cuh} that are the same for all networks. */
    static final class Kernels {
        final Device.Kernel intoTime;
        final Device.Kernel outOfTime;
        final Device.Kernel pad;
        final Device.Kernel unpad;
        final Device.Kernel statesAfter;
        final Device.Kernel putStates;
        final Device.Kernel getStates;
        final Device.Kernel batchNormalization;
        final Device.Kernel layerNormalization;
        private final Device.Kernel softmax;
        private final Device.Kernel logSoftmax;
        private final Device.Kernel sparsemax;
        final Device.Kernel glu;
        final Device.Kernel embedding;
        final Device.Kernel place;
        final Device.Kernel placeAtAllTimes;

        /** The kernel of an activation of whole rows that keeps their width. */
        Device.Kernel rowwise(Activation activation) {
            return switch (activation) {
                case SOFTMAX -> softmax;
                case LOG_SOFTMAX -> logSoftmax;
                case SPARSEMAX -> sparsemax;
                default -> throw new IllegalArgumentException(activation + " is not rowwise");
            };
        }

        private Kernels(Device.Module module) {
            intoTime = module.kernel("into_time", 0);
            outOfTime = module.kernel("out_of_time", 0);
            pad = module.kernel("pad", 0);
            unpad = module.kernel("unpad", 0);
            statesAfter = module.kernel("states_after", 0);
            putStates = module.kernel("put_states", 0);
            getStates = module.kernel("get_states", 0);
            batchNormalization = module.kernel("batch_normalization", 0);
            layerNormalization = module.kernel("layer_normalization", 0);
            softmax = module.kernel("softmax", 0);
            logSoftmax = module.kernel("log_softmax", 0);
            sparsemax = module.kernel("sparsemax", 0);
            glu = module.kernel("glu", 0);
            embedding = module.kernel("embedding", 0);
            place = module.kernel("place", 0);
            placeAtAllTimes = module.kernel("place_at_all_times", 0);
        }
    }
}
