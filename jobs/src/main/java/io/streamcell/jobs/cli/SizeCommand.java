package io.streamcell.jobs.cli;

import io.streamcell.jobs.config.ConfigurationException;
import io.streamcell.models.Models;
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
        description = {
            "Estimates the cores, memory, disk, partitions and checkpoints that a job needs.",
            "docs/sizing.md has the formulas. Give MODEL, or --units."
        })
final class SizeCommand implements Callable<Integer> {
    private static final long MOST_STREAMS = 1_000_000_000_000L;
    private static final int MOST_TIMESTEPS = 1_000_000;
    private static final int MOST_WIDTH = 1 << 16;
    private static final int MOST_SLOTS = 1024;

    @Parameters(paramLabel = "MODEL", arity = "0..1", description = "The saved model.")
    private Path file;

    @Option(
            names = "--units",
            description = "Instead of MODEL: width of an LSTM with Dense(1) behind it.")
    private Integer units;

    @Option(
            names = "--features",
            defaultValue = "8",
            description = "Of a timestep, with --units (${DEFAULT-VALUE}).")
    private int features;

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
            description = "Between checkpoints, such as 30s; else the shortest that has room.")
    private String interval;

    @Option(
            names = "--slots",
            defaultValue = "4",
            description = "Subtasks of a TaskManager, a core each (${DEFAULT-VALUE}).")
    private int slots;

    @Override
    public Integer call() {
        check("--streams", streams, MOST_STREAMS);
        check("--chunk", chunk, MOST_TIMESTEPS);
        check("--slots", slots, MOST_SLOTS);
        if (!(rate > 0)) {
            throw new ConfigurationException("--rate must be positive, got " + rate);
        }
        Sizing sizing = new Sizing(shape(), streams, rate, chunk, slots);
        print(sizing, interval == null ? sizing.shortestInterval() : interval());
        return 0;
    }

    private static void check(String option, long value, long most) {
        if (value < 1 || value > most) {
            throw new ConfigurationException(
                    "%s must be between 1 and %,d, got %,d".formatted(option, most, value));
        }
    }

    private Sizing.Shape shape() {
        if ((file == null) == (units == null)) {
            throw new ConfigurationException("either MODEL or --units must be given");
        }
        if (units != null) {
            check("--units", units, MOST_WIDTH);
            check("--features", features, MOST_WIDTH);
            return Sizing.Shape.lstm(features, units);
        }
        try {
            return Sizing.Shape.of(Models.read(file));
        } catch (IOException e) {
            throw new ConfigurationException(e.getMessage(), e);
        }
    }

    private Duration interval() {
        try {
            Duration given = TimeUtils.parseDuration(interval);
            if (given.toMillis() > 0) {
                return given;
            }
            throw new ConfigurationException("--interval must be positive, got " + interval);
        } catch (IllegalArgumentException e) {
            throw new ConfigurationException(
                    "--interval must be a duration such as 30s, got " + interval, e);
        }
    }

    private static void print(Sizing sizing, Duration interval) {
        int subtasks = sizing.subtasks();
        say(
                "State",
                "%,.0f bytes a stream, %s in all",
                sizing.streamBytes(),
                gb(sizing.stateBytes()));
        say(
                "Events",
                "%,.0f a second, %.1f µs of CPU each, %.0f %% of them cold",
                sizing.eventsPerSecond(),
                sizing.microsPerEvent(subtasks),
                100 * sizing.cold(subtasks));
        say("Cores", "%d", subtasks);
        say(
                "TaskManagers",
                "%d, each with %d cores, %s of memory, %s of fast local disk",
                sizing.taskManagers(),
                sizing.slots(),
                gb(sizing.processBytes()),
                gb(sizing.diskBytes()));
        say(
                "  of its memory",
                "%s heap, %s managed",
                gb(sizing.heapBytes()),
                gb(sizing.managedBytes()));
        say("Partitions", "%d of each topic", sizing.partitions());
        say("parallelism.default", "%d", subtasks);
        say("pipeline.max-parallelism", "%d", sizing.maxParallelism());
        printCheckpoints(sizing, interval);
    }

    private static void printCheckpoints(Sizing sizing, Duration interval) {
        say("Checkpoint interval", "%s", TimeUtils.formatWithHighestUnit(interval));
        say(
                "Checkpoint",
                "%,.0f streams change: %s in %s",
                sizing.changedStreams(interval),
                gb(sizing.checkpointBytes(interval)),
                seconds(sizing.checkpointSeconds(interval)));
        say("Checkpoint storage", "%s", gb(sizing.storageBytes()));
        say("Restore", "%s", seconds(sizing.restoreSeconds()));
        if (!sizing.hasRoom(interval)) {
            say(
                    "Note",
                    "checkpoints would pile up; an interval of %s has room",
                    TimeUtils.formatWithHighestUnit(sizing.shortestInterval()));
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
