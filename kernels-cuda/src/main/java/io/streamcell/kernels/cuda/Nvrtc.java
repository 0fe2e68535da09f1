package io.streamcell.kernels.cuda;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.bytedeco.cuda.global.nvrtc;
import org.bytedeco.cuda.nvrtc._nvrtcProgram;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.PointerPointer;
import org.bytedeco.javacpp.SizeTPointer;

/** NVIDIA's run-time compiler, which needs no GPU. */
final class Nvrtc {
    /** The name of the source in messages. */
    private static final String NAME = "network.cu";

    private Nvrtc() {}

    /** What is compiled to: code for one kind of device, or assembly to look at. */
    enum Target {
        CUBIN,
        PTX
    }

    /**
     * Compiles a source that includes {@link Sources}. Nothing is contracted that is not written as
     * an fma, and subnormal numbers are kept.
     *
     * @param capability compute capability times ten
     * @return the code
     * @throws CudaException with the compiler's log
     */
    static byte[] compile(String source, int capability, Target target) {
        Map<String, String> headers = Sources.headers();
        _nvrtcProgram program = new _nvrtcProgram();
        try (PointerPointer<BytePointer> names = pointers(List.copyOf(headers.keySet()));
                PointerPointer<BytePointer> texts = pointers(List.copyOf(headers.values()));
                BytePointer text = new BytePointer(source);
                BytePointer name = new BytePointer(NAME)) {
            check(nvrtc.nvrtcCreateProgram(program, text, name, headers.size(), texts, names));
            try {
                return compile(program, capability, target);
            } finally {
                nvrtc.nvrtcDestroyProgram(program);
            }
        }
    }

    private static byte[] compile(_nvrtcProgram program, int capability, Target target) {
        // wgmma is there for 9.0 itself alone, which the a says.
        String kind = (target == Target.PTX ? "compute_" : "sm_") + capability;
        List<String> options =
                List.of(
                        "--gpu-architecture=" + kind + (capability == 90 ? "a" : ""),
                        "--std=c++17",
                        "--fmad=false",
                        "--ftz=false",
                        "--prec-div=true",
                        "--prec-sqrt=true",
                        "--device-as-default-execution-space");
        try (PointerPointer<BytePointer> pointers = pointers(options);
                SizeTPointer size = new SizeTPointer(1)) {
            int result = nvrtc.nvrtcCompileProgram(program, options.size(), pointers);
            if (result != nvrtc.NVRTC_SUCCESS) {
                nvrtc.nvrtcGetProgramLogSize(program, size);
                byte[] log = new byte[(int) size.get()];
                nvrtc.nvrtcGetProgramLog(program, log);
                throw new CudaException(
                        "the CUDA kernels must compile for compute capability %d.%d, got %s: %s"
                                .formatted(
                                        capability / 10,
                                        capability % 10,
                                        error(result),
                                        new String(log, StandardCharsets.UTF_8).strip()));
            }
            boolean cubin = target == Target.CUBIN;
            check(
                    cubin
                            ? nvrtc.nvrtcGetCUBINSize(program, size)
                            : nvrtc.nvrtcGetPTXSize(program, size));
            byte[] code = new byte[Math.toIntExact(size.get())];
            check(cubin ? nvrtc.nvrtcGetCUBIN(program, code) : nvrtc.nvrtcGetPTX(program, code));
            return code;
        }
    }

    /** The texts in memory that lives as long as the pointers. */
    private static PointerPointer<BytePointer> pointers(List<String> texts) {
        return new PointerPointer<BytePointer>(texts.toArray(String[]::new));
    }

    private static void check(int result) {
        if (result != nvrtc.NVRTC_SUCCESS) {
            throw new CudaException("NVRTC must succeed, got " + error(result));
        }
    }

    private static String error(int result) {
        return nvrtc.nvrtcGetErrorString(result).getString();
    }
}
