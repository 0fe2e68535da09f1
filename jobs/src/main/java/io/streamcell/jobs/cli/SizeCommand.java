package io.streamcell.jobs.cli;

import io.streamcell.jobs.config.ConfigurationException;
import io.streamcell.models.Carry;
import io.streamcell.models.Models;
import io.streamcell.models.Network;
import io.streamcell.models.NetworkSignature;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.apache.flink.util.TimeUtils;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code size}: what a job of so many streams needs. */
@Command(
        name = "size",
        mixinStandardHelpOptions = true,
        description = "Estimates the cores, memory, disk and partitions that a job needs.")
final class SizeCommand implements Callable<Integer> {
    @Parameters(paramLabel = "MODEL", description = "The saved model.")
    private Path file;

    @Option(
            names = "--streams",
            required = true,
            description = "Streams whose state is kept, all of them.")
    private long streams;

    @Option(
            names = "--rate",
            required = true,
            description = "Timesteps a second, of all streams together.")
    private double rate;

    @Option(
            names = "--chunk",
            defaultValue = "1",
            description = "Timesteps of an event (${DEFAULT-VALUE}).")
    private int chunk;

    @Option(
            names = "--interval",
            defaultValue = "10 s",
            description = "Between checkpoints (${DEFAULT-VALUE}).")
    private String interval;

    @Option(
            names = "--slots",
            defaultValue = "4",
            description = "Subtasks of a TaskManager, a core each (${DEFAULT-VALUE}).")
    private int slots;

    @Override
    public Integer call() {
        Duration between = interval();
        if (streams < 1 || !(rate > 0) || chunk < 1 || slots < 1 || between.toMillis() < 1) {
            throw new ConfigurationException(
                    "--streams, --rate, --chunk, --interval and --slots must be positive, got %d, %s, %d, %s and %d"
                            .formatted(streams, rate, chunk, interval, slots));
        }
        Network network;
        try {
            network = Models.read(file);
        } catch (IOException e) {
            throw new ConfigurationException(e.getMessage(), e);
        }
        NetworkSignature signature = network.signature(Carry.ALWAYS);
        int features = signature.inputs().stream().mapToInt(input -> input.shape().width()).sum();
        print(
                new Sizing(
                        signature.layout().carriedWidth(),
                        network.parameters(),
                        features,
                        streams,
                        rate,
                        chunk,
                        between,
                        slots));
        return 0;
    }

    private Duration interval() {
        try {
            return TimeUtils.parseDuration(interval);
        } catch (IllegalArgumentException e) {
            throw new ConfigurationException(
                    "--interval must be a duration such as 10 s, got " + interval, e);
        }
    }

    private static void print(Sizing sizing) {
        int subtasks = sizing.subtasks();
        say("State", "%d bytes a stream, %s in all", sizing.streamBytes(), gb(sizing.stateBytes()));
        say(
                "Events",
                "%,.0f a second, %.1f µs of CPU each",
                sizing.eventsPerSecond(),
                sizing.microsPerEvent(subtasks));
        say("parallelism.default", "%d, a core each", subtasks);
        say("pipeline.max-parallelism", "%d", sizing.maxParallelism());
        say("Partitions", "%d of each topic", sizing.partitions());
        say(
                "TaskManagers",
                "%d, each with %s of heap, %s of managed memory, %s of fast local disk",
                sizing.taskManagers(),
                gb(sizing.heapBytes()),
                gb(sizing.managedBytes()),
                gb(sizing.diskBytes()));
        say("Checkpoint storage", "%s", gb(sizing.storageBytes()));
        say(
                "Checkpoint",
                "%,.0f streams change in %s: %s, %s",
                sizing.changedStreams(),
                TimeUtils.formatWithHighestUnit(sizing.interval()),
                gb(sizing.checkpointBytes()),
                seconds(sizing.checkpointSeconds()));
        say("Restore", "%s", seconds(sizing.restoreSeconds()));
        if (sizing.checkpointSeconds() > sizing.interval().toMillis() / 3e3) {
            say(
                    "Note",
                    "a checkpoint takes more than a third of its interval; %d s would leave room",
                    Math.round(Math.ceil(3 * sizing.checkpointSeconds())));
        }
    }

    private static void say(String what, String format, Object... values) {
        System.out.println(
                String.format(Locale.ROOT, "%-26s", what)
                        + String.format(Locale.ROOT, format, values));
    }

    private static String gb(double bytes) {
        return String.format(Locale.ROOT, bytes < 9.95e9 ? "%.1f GB" : "%,.0f GB", bytes / 1e9);
    }

    private static String seconds(double seconds) {
        return String.format(Locale.ROOT, seconds < 9.95 ? "%.1f s" : "%,.0f s", seconds);
    }
}
