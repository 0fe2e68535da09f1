package io.streamcell.kernels.cuda;

import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import org.bytedeco.cuda.cudart.CUctx_st;
import org.bytedeco.cuda.cudart.CUfunc_st;
import org.bytedeco.cuda.cudart.CUmod_st;
import org.bytedeco.cuda.cudart.CUstream_st;
import org.bytedeco.cuda.global.cudart;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerPointer;
import org.bytedeco.javacpp.SizeTPointer;

/** A GPU, through CUDA's driver interface. All of a process share its primary context. */
final class CudaDevice implements Device {
    private static final int MOST_ARGUMENTS = 32;

    /** Errors that leave the process without CUDA until it is started again, as the driver says. */
    private static final Set<Integer> STICKY =
            Set.of(
                    cudart.CUDA_ERROR_ECC_UNCORRECTABLE,
                    cudart.CUDA_ERROR_ILLEGAL_ADDRESS,
                    cudart.CUDA_ERROR_LAUNCH_TIMEOUT,
                    cudart.CUDA_ERROR_CONTEXT_IS_DESTROYED,
                    cudart.CUDA_ERROR_ASSERT,
                    cudart.CUDA_ERROR_HARDWARE_STACK_ERROR,
                    cudart.CUDA_ERROR_ILLEGAL_INSTRUCTION,
                    cudart.CUDA_ERROR_MISALIGNED_ADDRESS,
                    cudart.CUDA_ERROR_INVALID_ADDRESS_SPACE,
                    cudart.CUDA_ERROR_INVALID_PC,
                    cudart.CUDA_ERROR_LAUNCH_FAILED);

    private static volatile String failure;

    private final int number;
    private final CUctx_st context = new CUctx_st();
    private final Properties properties;

    /**
     * @throws CudaException if there is no such device, or no driver
     */
    CudaDevice(int number) {
        this.number = number;
        check("cuInit", cudart.cuInit(0));
        check("cuDevicePrimaryCtxRetain", cudart.cuDevicePrimaryCtxRetain(context, number));
        byte[] name = new byte[256];
        check("cuDeviceGetName", cudart.cuDeviceGetName(name, name.length, number));
        int end = 0;
        while (name[end] != 0) {
            end++;
        }
        properties =
                new Properties(
                        new String(name, 0, end, StandardCharsets.UTF_8),
                        10 * attribute(cudart.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR)
                                + attribute(cudart.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR),
                        attribute(cudart.CU_DEVICE_ATTRIBUTE_MULTIPROCESSOR_COUNT),
                        attribute(cudart.CU_DEVICE_ATTRIBUTE_MAX_SHARED_MEMORY_PER_BLOCK_OPTIN),
                        attribute(cudart.CU_DEVICE_ATTRIBUTE_MAX_SHARED_MEMORY_PER_MULTIPROCESSOR));
    }

    private int attribute(int kind) {
        int[] value = new int[1];
        check("cuDeviceGetAttribute", cudart.cuDeviceGetAttribute(value, kind, number));
        return value[0];
    }

    /** How many devices there are. */
    static int count() {
        check("cuInit", cudart.cuInit(0));
        int[] count = new int[1];
        check("cuDeviceGetCount", cudart.cuDeviceGetCount(count));
        return count[0];
    }

    private static void check(String call, int result) {
        if (result == cudart.CUDA_SUCCESS) {
            return;
        }
        String message = call + " must succeed, got " + error(result);
        if (STICKY.contains(result)) {
            failure = message;
        }
        throw new CudaException(message);
    }

    @Override
    public Optional<String> failure() {
        return Optional.ofNullable(failure);
    }

    private static String error(int result) {
        try (PointerPointer<BytePointer> text = new PointerPointer<>(1)) {
            if (cudart.cuGetErrorString(result, text) != cudart.CUDA_SUCCESS) {
                return "CUDA error " + result;
            }
            return "CUDA error %d, %s"
                    .formatted(result, text.get(BytePointer.class, 0).getString());
        }
    }

    /** Makes the context that of the calling thread. */
    private void enter() {
        check("cuCtxSetCurrent", cudart.cuCtxSetCurrent(context));
    }

    @Override
    public Properties properties() {
        return properties;
    }

    @Override
    public long freeMemory() {
        enter();
        try (SizeTPointer free = new SizeTPointer(1);
                SizeTPointer total = new SizeTPointer(1)) {
            check("cuMemGetInfo", cudart.cuMemGetInfo(free, total));
            return free.get();
        }
    }

    @Override
    public long allocate(long bytes) {
        enter();
        long[] address = new long[1];
        int result = cudart.cuMemAlloc(address, Math.max(1, bytes));
        if (result == cudart.CUDA_ERROR_OUT_OF_MEMORY) {
            throw new CudaException(
                    "%s must have %d MB of memory free, got %d MB; slab.max-streams and bundle.max-timesteps say how much is needed"
                            .formatted(properties, bytes >> 20, freeMemory() >> 20));
        }
        check("cuMemAlloc", result);
        return address[0];
    }

    @Override
    public void release(long address) {
        if (failure != null) {
            return;
        }
        enter();
        check("cuMemFree", cudart.cuMemFree(address));
    }

    @Override
    public Host allocateHost(long bytes) {
        enter();
        try (PointerPointer<Pointer> place = new PointerPointer<>(1)) {
            check("cuMemHostAlloc", cudart.cuMemHostAlloc(place, bytes, 0));
            BytePointer memory = new BytePointer(place.get(Pointer.class, 0)).capacity(bytes);
            return new Host(memory.asByteBuffer().order(ByteOrder.nativeOrder()), memory);
        }
    }

    @Override
    public void release(Host memory) {
        if (failure != null) {
            return;
        }
        enter();
        check("cuMemFreeHost", cudart.cuMemFreeHost((Pointer) memory.handle()));
    }

    @Override
    public Module compile(String source) {
        return load(Nvrtc.compile(source, properties.capability(), Nvrtc.Target.CUBIN));
    }

    /** Loads code for this device, or assembly that the driver makes it of. */
    Module load(byte[] code) {
        enter();
        CUmod_st module = new CUmod_st();
        try (BytePointer image = new BytePointer(code)) {
            check("cuModuleLoadData", cudart.cuModuleLoadData(module, image));
        }
        return new CudaModule(module);
    }

    private final class CudaModule implements Module {
        private final CUmod_st module;

        CudaModule(CUmod_st module) {
            this.module = module;
        }

        @Override
        public Kernel kernel(String name, int sharedBytes) {
            enter();
            CUfunc_st function = new CUfunc_st();
            check("cuModuleGetFunction", cudart.cuModuleGetFunction(function, module, name));
            if (sharedBytes > 0) {
                check(
                        "cuFuncSetAttribute",
                        cudart.cuFuncSetAttribute(
                                function,
                                cudart.CU_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES,
                                sharedBytes));
            }
            int[] blocks = new int[1];
            check(
                    "cuOccupancyMaxActiveBlocksPerMultiprocessor",
                    cudart.cuOccupancyMaxActiveBlocksPerMultiprocessor(
                            blocks, function, Kernel.THREADS, sharedBytes));
            return new Kernel(
                    name, function, sharedBytes, blocks[0] * properties.multiprocessors());
        }

        @Override
        public void close() {
            if (failure != null) {
                return;
            }
            enter();
            check("cuModuleUnload", cudart.cuModuleUnload(module));
        }
    }

    @Override
    public Stream newStream() {
        return new CudaStream();
    }

    private final class CudaStream implements Stream {
        private final CUstream_st stream = new CUstream_st();
        // the arguments of a launch, and a pointer to each
        private final LongPointer values = new LongPointer(MOST_ARGUMENTS);
        private final PointerPointer<LongPointer> pointers = new PointerPointer<>(MOST_ARGUMENTS);

        CudaStream() {
            enter();
            check("cuStreamCreate", cudart.cuStreamCreate(stream, cudart.CU_STREAM_NON_BLOCKING));
            for (int k = 0; k < MOST_ARGUMENTS; k++) {
                pointers.put(k, values.getPointer(k));
            }
        }

        @Override
        public void upload(long to, Host from, long bytes) {
            enter();
            check(
                    "cuMemcpyHtoDAsync",
                    cudart.cuMemcpyHtoDAsync(to, (Pointer) from.handle(), bytes, stream));
        }

        @Override
        public void download(Host to, long at, long from, long bytes) {
            enter();
            Pointer place = ((BytePointer) to.handle()).getPointer(at);
            check("cuMemcpyDtoHAsync", cudart.cuMemcpyDtoHAsync(place, from, bytes, stream));
        }

        @Override
        public void clear(long at, long bytes) {
            enter();
            check(
                    "cuMemsetD32Async",
                    cudart.cuMemsetD32Async(at, 0, bytes / Integer.BYTES, stream));
        }

        @Override
        public void launch(Kernel kernel, int x, int y, long... arguments) {
            enter();
            take(arguments);
            check(
                    "launching " + kernel.name(),
                    cudart.cuLaunchKernel(
                            (CUfunc_st) kernel.handle(),
                            x,
                            y,
                            1,
                            Kernel.THREADS,
                            1,
                            1,
                            kernel.sharedBytes(),
                            stream,
                            pointers,
                            null));
        }

        @Override
        public void launchTogether(Kernel kernel, int blocks, long... arguments) {
            enter();
            take(arguments);
            check(
                    "launching " + kernel.name(),
                    cudart.cuLaunchCooperativeKernel(
                            (CUfunc_st) kernel.handle(),
                            blocks,
                            1,
                            1,
                            Kernel.THREADS,
                            1,
                            1,
                            kernel.sharedBytes(),
                            stream,
                            pointers));
        }

        private void take(long... arguments) {
            for (int k = 0; k < arguments.length; k++) {
                values.put(k, arguments[k]);
            }
        }

        @Override
        public void await() {
            enter();
            check("what was launched", cudart.cuStreamSynchronize(stream));
        }

        @Override
        public boolean done() {
            enter();
            return cudart.cuStreamQuery(stream) != cudart.CUDA_ERROR_NOT_READY;
        }

        @Override
        public void close() {
            if (failure == null) {
                enter();
                check("cuStreamDestroy", cudart.cuStreamDestroy(stream));
            }
            values.close();
            pointers.close();
        }
    }
}
