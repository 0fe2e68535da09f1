package io.streamcell.kernels.jni;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;

/**
 * The shared library, loaded once for the JVM from the class path, or from the file that the system
 * property {@code streamcell.native.library} names. {@code streamcell.native.isa} restricts it to
 * an instruction set.
 */
final class NativeLibrary {
    private static final String LIBRARY = "libstreamcell.so";
    private static final String ABSENT = "absent.txt";
    private static final String ISA = "streamcell.native.isa";
    private static final String FILE = "streamcell.native.library";

    private static final NativeLibrary LOADED = load();

    private final String unavailable;
    private final InstructionSet instructionSet;

    private NativeLibrary(String unavailable, InstructionSet instructionSet) {
        this.unavailable = unavailable;
        this.instructionSet = instructionSet;
    }

    /** Why there is no library here, or empty where it is loaded. */
    static Optional<String> unavailable() {
        return Optional.ofNullable(LOADED.unavailable);
    }

    /** What it computes with: the best that the processor has, or what was asked for. */
    static InstructionSet instructionSet() {
        return LOADED.instructionSet;
    }

    private static NativeLibrary load() {
        String machine = System.getProperty("os.name") + " " + System.getProperty("os.arch");
        if (!machine.equals("Linux amd64")) {
            return absent("native kernels are made for Linux amd64, and this is " + machine);
        }
        try {
            String file = System.getProperty(FILE);
            if (file != null) {
                System.load(Path.of(file).toAbsolutePath().toString());
            } else if (!loadFromClassPath()) {
                return absent(reasonOfTheBuild());
            }
            return chosen(System.getProperty(ISA));
        } catch (IOException | UnsatisfiedLinkError | SecurityException e) {
            return absent("the native library must load, got " + e.getMessage());
        }
    }

    private static NativeLibrary absent(String reason) {
        return new NativeLibrary(reason, InstructionSet.PLAIN);
    }

    /** A library is loaded from a file, so it is copied to one that is gone once it is loaded. */
    private static boolean loadFromClassPath() throws IOException {
        try (InputStream library = NativeLibrary.class.getResourceAsStream(LIBRARY)) {
            if (library == null) {
                return false;
            }
            Path copy = Files.createTempFile("streamcell-", ".so");
            try {
                Files.copy(library, copy, StandardCopyOption.REPLACE_EXISTING);
                System.load(copy.toString());
            } finally {
                Files.delete(copy);
            }
            return true;
        }
    }

    private static String reasonOfTheBuild() throws IOException {
        try (InputStream reason = NativeLibrary.class.getResourceAsStream(ABSENT)) {
            return reason == null
                    ? "this build of Streamcell carries no native library"
                    : new String(reason.readAllBytes(), StandardCharsets.UTF_8).strip();
        }
    }

    private static NativeLibrary chosen(String option) {
        InstructionSet best = InstructionSet.values()[NativeProgram.level()];
        if (option == null) {
            return new NativeLibrary(null, best);
        }
        Optional<InstructionSet> asked = InstructionSet.of(option);
        if (asked.isEmpty() || asked.get().compareTo(best) > 0) {
            return absent(
                    "%s must be an instruction set that this processor has (up to %s), got %s"
                            .formatted(ISA, best.option(), option));
        }
        return new NativeLibrary(null, asked.get());
    }
}
