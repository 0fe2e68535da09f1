package io.streamcell.kernels.cuda;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A device that runs the kernels' own source on the CPU, compiled by g++: every CUDA thread a
 * fiber, barriers, asynchronous copies and tensor cores emulated ({@code emulated/}).
 */
final class EmulatedDevice implements Device {
    private static final List<String> EMULATED = List.of("emulator.h", "device.cuh", "wgmma.cuh");

    private final Properties properties;
    private final Path folder;
    private final AtomicLong copied = new AtomicLong();
    private final AtomicLong downloaded = new AtomicLong();
    private String failing;
    private String failure;
    private static final AtomicInteger COMPILED = new AtomicInteger();

    private static final class Once {
        static final Path FOLDER;
        static final String REASON;

        static {
            Path folder = null;
            String reason = null;
            try {
                folder = build();
            } catch (IOException | UnsatisfiedLinkError e) {
                reason = "g++ and a JDK's jni.h must be there: " + e.getMessage();
            }
            FOLDER = folder;
            REASON = reason;
        }
    }

    /** Why nothing can be emulated here; empty when it can. */
    static Optional<String> unavailable() {
        return Optional.ofNullable(Once.REASON);
    }

    /**
     * A device of two multiprocessors.
     *
     * @param capability of the kernels that are to be emulated; 90 has warp groups
     */
    EmulatedDevice(int capability) {
        folder = Once.FOLDER;
        properties =
                new Properties(
                        "an emulated GPU",
                        capability,
                        2,
                        capability == 75 ? 64 << 10 : 227 << 10,
                        capability == 75 ? 64 << 10 : 228 << 10);
    }

    private static Path build() throws IOException {
        Path folder = Files.createTempDirectory("streamcell-emulated");
        for (String name : EMULATED) {
            write(folder.resolve(name), "emulated/" + name);
        }
        write(folder.resolve("emulator.cpp"), "emulated/emulator.cpp");
        Sources.headers()
                .forEach(
                        (name, text) -> {
                            if (!EMULATED.contains(name)) {
                                write(folder.resolve(name), text.getBytes(StandardCharsets.UTF_8));
                            }
                        });
        Path java = Path.of(System.getProperty("java.home"), "include");
        compile(
                folder,
                List.of(
                        "-O2",
                        "-I" + java,
                        "-I" + java.resolve("linux"),
                        "-Wl,-soname,libemulator.so",
                        "emulator.cpp",
                        "-ldl",
                        "-o",
                        "libemulator.so"));
        System.load(folder.resolve("libemulator.so").toString());
        return folder;
    }

    private static void write(Path file, String resource) {
        try (InputStream stream = EmulatedDevice.class.getResourceAsStream(resource)) {
            write(file, stream.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void write(Path file, byte[] bytes) {
        try {
            Files.write(file, bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void compile(Path folder, List<String> arguments) throws IOException {
        List<String> command =
                new ArrayList<>(
                        List.of(
                                "g++",
                                "-std=c++17",
                                "-shared",
                                "-fPIC",
                                "-ffp-contract=off",
                                "-mfma",
                                "-fno-strict-aliasing",
                                "-w"));
        command.addAll(arguments);
        Path log = Files.createTempFile(folder, "compile", ".log");
        Process process =
                new ProcessBuilder(command)
                        .directory(folder.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile())
                        .start();
        try {
            if (process.waitFor() != 0) {
                throw new IOException(Files.readString(log));
            }
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    @Override
    public Properties properties() {
        return properties;
    }

    @Override
    public Optional<String> failure() {
        return Optional.ofNullable(failure);
    }

    /** Bytes that went between host and device, both ways. */
    long copied() {
        return copied.get();
    }

    /** Bytes that went from the device to the host. */
    long downloaded() {
        return downloaded.get();
    }

    /** Lets whatever is waited for next fail, and everything after it. */
    void fail(String reason) {
        failing = reason;
    }

    @Override
    public long freeMemory() {
        return 1L << 30;
    }

    @Override
    public long allocate(long bytes) {
        if (bytes > freeMemory()) {
            throw new CudaException("an emulated GPU must have as much memory, got " + bytes);
        }
        return take(bytes);
    }

    @Override
    public void release(long address) {
        give(address);
    }

    @Override
    public Host allocateHost(long bytes) {
        ByteBuffer buffer = ByteBuffer.allocateDirect(Math.toIntExact(bytes));
        return new Host(buffer.order(ByteOrder.nativeOrder()), buffer);
    }

    @Override
    public void release(Host memory) {
        // The collector takes it.
    }

    @Override
    public Module compile(String source) {
        String name = "network" + COMPILED.incrementAndGet();
        try {
            Files.writeString(folder.resolve(name + ".cpp"), "#include \"emulator.h\"\n" + source);
            compile(
                    folder,
                    List.of("-O1", name + ".cpp", "./libemulator.so", "-o", "lib" + name + ".so"));
        } catch (IOException e) {
            throw new UncheckedIOException("the kernels must compile", e);
        }
        long library = open(folder.resolve("lib" + name + ".so").toString());
        if (library == 0) {
            throw new CudaException("lib" + name + ".so must load");
        }
        return new Module() {
            @Override
            public Kernel kernel(String kernel, int sharedBytes) {
                long function = find(library, kernel);
                if (function == 0) {
                    throw new CudaException("no kernel " + kernel);
                }
                return new Kernel(kernel, function, sharedBytes, 3);
            }

            @Override
            public void close() {
                shut(library);
            }
        };
    }

    @Override
    public Stream newStream() {
        return new Stream() {
            @Override
            public void upload(long to, Host from, long bytes) {
                copied.addAndGet(bytes);
                copy(to, from.buffer(), bytes, true);
            }

            @Override
            public void download(Host to, long at, long from, long bytes) {
                copied.addAndGet(bytes);
                downloaded.addAndGet(bytes);
                copy(from, to.buffer().slice((int) at, (int) bytes), bytes, false);
            }

            @Override
            public void clear(long at, long bytes) {
                zero(at, bytes);
            }

            @Override
            public void launch(Kernel kernel, int x, int y, long... arguments) {
                start(kernel, x, y, false, arguments);
            }

            @Override
            public void launchTogether(Kernel kernel, int blocks, long... arguments) {
                start(kernel, blocks, 1, true, arguments);
            }

            @Override
            public void await() {
                // All is done at once.
                if (failing != null) {
                    failure = failing;
                    throw new CudaException(failing);
                }
            }

            @Override
            public boolean done() {
                return true;
            }

            @Override
            public void close() {
                // There is nothing to close.
            }
        };
    }

    private static synchronized void start(
            Kernel kernel, int x, int y, boolean together, long[] arguments) {
        if (!run((Long) kernel.handle(), x, y, kernel.sharedBytes(), together, arguments)) {
            throw new CudaException(kernel.name() + " must end, but its threads wait for ever");
        }
    }

    private static native long open(String path);

    private static native long find(long library, String name);

    private static native void shut(long library);

    private static native long take(long bytes);

    private static native void give(long memory);

    private static native void copy(long device, ByteBuffer host, long bytes, boolean up);

    private static native void zero(long memory, long bytes);

    private static native boolean run(
            long kernel, int x, int y, int shared, boolean together, long[] arguments);
}
