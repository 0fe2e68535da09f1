package io.streamcell.kernels.cuda;

import io.streamcell.kernels.KernelException;
import io.streamcell.kernels.KernelOptions;
import io.streamcell.kernels.KernelProvider;
import io.streamcell.kernels.NetworkKernel;
import io.streamcell.models.Layer;
import io.streamcell.models.Network;
import io.streamcell.models.StateLayout;
import java.util.List;
import java.util.Optional;

/** Computes on an NVIDIA GPU of compute capability 7.5 or newer, with kernels of its own. */
public final class CudaProvider implements KernelProvider {
    private static final int LEAST_CAPABILITY = 75;
    private static final String PHYSICAL_LIMIT = "org.bytedeco.javacpp.maxPhysicalBytes";

    /** A device and why there is none. */
    private record Found(Device device, String reason) {}

    private static final class Once {
        static final Found FOUND = find();
    }

    private final Found found;

    /** The first GPU of this machine. */
    public CudaProvider() {
        this.found = null;
    }

    /** A device that is at hand, whatever it is. */
    CudaProvider(Device device) {
        this.found = new Found(device, null);
    }

    private Found found() {
        return found == null ? Once.FOUND : found;
    }

    private static Found find() {
        // JavaCPP would count all memory of the process, such as RocksDB's, against a limit made of
        // the heap's.
        if (System.getProperty(PHYSICAL_LIMIT) == null) {
            System.setProperty(PHYSICAL_LIMIT, "0");
        }
        try {
            if (CudaDevice.count() == 0) {
                return new Found(null, "there is no NVIDIA GPU here");
            }
            CudaDevice device = new CudaDevice(0);
            int capability = device.properties().capability();
            if (capability < LEAST_CAPABILITY) {
                return new Found(
                        null,
                        "a GPU of compute capability 7.5 or newer is needed, got "
                                + device.properties());
            }
            // The compiler, too, must be there.
            Nvrtc.compile("", capability, Nvrtc.Target.CUBIN);
            return new Found(device, null);
        } catch (LinkageError e) {
            return new Found(null, reason(e));
        } catch (CudaException e) {
            return new Found(null, e.getMessage());
        }
    }

    /** Which of CUDA's libraries could not be loaded. */
    private static String reason(LinkageError error) {
        Throwable cause = error;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        String text = String.valueOf(cause.getMessage());
        if (text.contains("libcuda.so")) {
            return "there is no NVIDIA driver here (libcuda.so.1 cannot be loaded)";
        }
        if (text.contains("libcudart.so") || text.contains("libnvrtc.so")) {
            return "CUDA 13's libcudart.so.13 and libnvrtc.so.13 must be on the library path, or org.bytedeco:cuda-redist on the class path";
        }
        return "CUDA's libraries cannot be loaded: " + text.lines().findFirst().orElse("");
    }

    @Override
    public String name() {
        return "cuda";
    }

    @Override
    public int preference() {
        return 40;
    }

    @Override
    public Optional<String> unavailable() {
        Found here = found();
        return here.device() == null
                ? Optional.of(here.reason())
                : here.device()
                        .failure()
                        .map(
                                failure ->
                                        "the GPU failed, and this process must be started again to use it: "
                                                + failure);
    }

    @Override
    public List<String> precisions() {
        return KernelOptions.PRECISIONS;
    }

    @Override
    public Optional<String> refusal(Layer layer) {
        return Layers.refusal(layer);
    }

    @Override
    public boolean wholeNetworks() {
        return true;
    }

    @Override
    public NetworkKernel compile(Network network, StateLayout layout, KernelOptions options) {
        Device device = found().device();
        Precision precision = Precision.of(options.precision());
        int capability = device.properties().capability();
        if (capability < precision.leastCapability()) {
            throw new KernelException(
                    "kernel.precision %s needs compute capability %d.%d or newer, got %s"
                            .formatted(
                                    options.precision(),
                                    precision.leastCapability() / 10,
                                    precision.leastCapability() % 10,
                                    device.properties()));
        }
        Program program = ProgramBuilder.build(device, network, layout, precision);
        try {
            return new CudaKernel(network, layout, program);
        } catch (CudaException e) {
            program.close();
            throw e;
        }
    }
}
