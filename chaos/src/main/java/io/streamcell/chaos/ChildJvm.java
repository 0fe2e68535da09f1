package io.streamcell.chaos;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A program in a process of its own, mostly a Java program. Owns the process. */
final class ChildJvm implements AutoCloseable {
    private static final long STOP_SECONDS = 30;

    private final String name;
    private final Path log;
    private final Process process;

    private ChildJvm(String name, Path log, Process process) {
        this.name = name;
        this.log = log;
        this.process = process;
    }

    /**
     * What runs.
     *
     * @param options of the JVM
     * @param environment that comes to this process's own
     */
    record Program(
            String main,
            String classPath,
            List<String> options,
            List<String> arguments,
            Map<String, String> environment) {}

    /**
     * Starts a program.
     *
     * @param log where what it says is added
     */
    static ChildJvm start(String name, Program program, Path log) throws IOException {
        List<String> call = new ArrayList<>();
        call.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        call.addAll(program.options());
        call.add(program.main());
        call.addAll(program.arguments());
        Map<String, String> environment = new HashMap<>(program.environment());
        environment.put("CLASSPATH", program.classPath());
        return start(name, call, environment, log);
    }

    /**
     * Starts a program of any kind.
     *
     * @param environment that comes to this process's own
     * @param log where what it says is added
     */
    static ChildJvm start(String name, List<String> call, Map<String, String> environment, Path log)
            throws IOException {
        ProcessBuilder builder = new ProcessBuilder(call).redirectErrorStream(true);
        builder.redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().putAll(environment);
        Process process = builder.start();
        // Nothing outlives this process, however it ends.
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
        return new ChildJvm(name, log, process);
    }

    long pid() {
        return process.pid();
    }

    /** Waits until it ends by itself; gives its exit status. */
    int await() throws InterruptedException {
        return process.waitFor();
    }

    /**
     * Checks that it has not ended.
     *
     * @throws IllegalStateException with the last that it said
     */
    void checkAlive() throws IOException {
        if (!process.isAlive()) {
            throw new IllegalStateException(
                    "%s must run, but it ended with %d: %s"
                            .formatted(name, process.exitValue(), lastWords()));
        }
    }

    private String lastWords() throws IOException {
        List<String> lines = Files.readAllLines(log);
        return String.join("\n", lines.subList(Math.max(0, lines.size() - 8), lines.size()));
    }

    /** {@code kill -9}: it has no say in it. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** {@code kill}: it may end in order; is killed where it does not. */
    void stop() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
            kill();
        }
    }

    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }
}
