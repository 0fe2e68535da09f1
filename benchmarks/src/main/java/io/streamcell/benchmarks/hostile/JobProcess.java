package io.streamcell.benchmarks.hostile;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A job in a JVM of its own. Owns the process, which ends with this one. */
final class JobProcess implements AutoCloseable {
    private static final String RESIDENT = "VmHWM:";

    private final Process process;
    private final BufferedReader said;

    private JobProcess(Process process) {
        this.process = process;
        this.said =
                new BufferedReader(
                        new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    /**
     * Starts a job.
     *
     * @param heap as in -Xmx
     * @param config the job's file
     */
    static JobProcess start(String heap, Path config) throws IOException {
        List<String> call =
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
                        HostileJob.class.getName(),
                        config.toString());
        ProcessBuilder builder = new ProcessBuilder(call);
        builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
        return new JobProcess(builder.redirectError(errors(config).toFile()).start());
    }

    private static Path errors(Path config) {
        return config.resolveSibling(config.getFileName() + ".err");
    }

    /** Whether it runs; what ended it stands in its own output. */
    boolean runs() {
        return process.isAlive();
    }

    /** The most memory that it had, in bytes; 0 where the system does not tell. */
    long peakResident() throws IOException {
        Path status = Path.of("/proc", String.valueOf(process.pid()), "status");
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

    /** Ends the job; what it says at its end. */
    String end() throws IOException {
        process.getOutputStream().close();
        String last = said.readLine();
        return last == null ? "ended by itself" : last;
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
