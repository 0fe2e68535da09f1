package io.streamcell.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What runs in a JVM of its own. Owns the process, which ends with this one. */
public final class ChildJvm implements AutoCloseable {
    private static final String RESIDENT = "VmHWM:";

    private final Process process;
    private final BufferedReader said;

    private ChildJvm(Process process) {
        this.process = process;
        this.said =
                new BufferedReader(
                        new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    /**
     * Starts a class.
     *
     * @param heap as in -Xmx
     * @param errors what it says on standard error
     */
    public static ChildJvm start(Class<?> main, String heap, Path errors, String... arguments)
            throws IOException {
        List<String> call =
                new ArrayList<>(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-Xmx" + heap,
                                "-XX:+ExitOnOutOfMemoryError",
                                "-XX:+UseParallelGC",
                                "--add-modules",
                                "jdk.incubator.vector",
                                "--add-opens",
                                "java.base/java.util=ALL-UNNAMED",
                                "--add-opens",
                                "java.base/java.lang=ALL-UNNAMED",
                                "--add-opens",
                                "java.base/java.nio=ALL-UNNAMED",
                                "-Dstreamcell.log=off",
                                main.getName()));
        call.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(call);
        builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
        return new ChildJvm(builder.redirectError(errors.toFile()).start());
    }

    /** Whether it runs; what ended it stands in its own output. */
    public boolean runs() {
        return process.isAlive();
    }

    /** The most memory that it had, in bytes; 0 where the system does not tell. */
    public long peakResident() throws IOException {
        return peakResident(process.pid());
    }

    /** The most memory that a process had, in bytes; 0 where the system does not tell. */
    public static long peakResident(long pid) throws IOException {
        Path status = Path.of("/proc", String.valueOf(pid), "status");
        if (!Files.exists(status)) {
            return 0;
        }
        for (String line : Files.readAllLines(status)) {
            if (line.startsWith(RESIDENT)) {
                return Long.parseLong(line.replaceAll("\\D", "")) * 1024;
            }
        }
        return 0;
    }

    /**
     * What it says next.
     *
     * @return null where it says no more
     */
    public String line() throws IOException {
        return said.readLine();
    }

    /** Ends it; what it says at its end. */
    public String end() throws IOException {
        process.getOutputStream().close();
        String last = said.readLine();
        return last == null ? "ended by itself" : last;
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
