package io.streamcell.benchmarks.kernels;

import io.streamcell.benchmarks.Measurement;
import io.streamcell.benchmarks.Rounds;
import io.streamcell.benchmarks.kernels.peak.FmaPeak;
import java.lang.management.CompilationMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleSupplier;

/**
 * Runs a case: makes it ready in every library, checks that all compute the same, warms them up,
 * and measures them in turn, the peak of the core among them.
 *
 * @param libraries the first is ours and judges the others
 */
record Contest(List<Library> libraries, Timing timing) {
    /** The subject whose rate is the peak of the core. */
    static final String PEAK = "fma-peak";

    private static final double TOLERANCE = 1e-4;
    private static final CompilationMXBean COMPILER = ManagementFactory.getCompilationMXBean();

    Contest {
        libraries = List.copyOf(libraries);
    }

    /**
     * How long is measured.
     *
     * @param warmUp nanoseconds that a subject runs before the rounds
     * @param slice nanoseconds that it runs in a round, or one call if that takes longer
     */
    record Timing(int rounds, long warmUp, long slice) {
        Timing {
            if (rounds < 1 || warmUp < 0 || slice < 1) {
                throw new IllegalArgumentException(
                        "rounds and slice must be at least 1, warm-up at least 0, got %d, %d, %d"
                                .formatted(rounds, slice, warmUp));
            }
        }
    }

    Outcome run(Workload workload) {
        Task task = Task.of(workload);
        Map<String, Subject> subjects = new LinkedHashMap<>();
        Map<String, String> absent = new LinkedHashMap<>();
        try {
            open(task, subjects, absent);
            check(task, subjects, absent);
            List<DoubleSupplier> entrants = new ArrayList<>();
            subjects.values()
                    .forEach(
                            subject ->
                                    entrants.add(
                                            entrant(subject::advance, workload.workPerCall())));
            entrants.add(entrant(new FmaPeak(), FmaPeak.gigaflopsPerRun()));
            double[][] rates = Rounds.run(entrants, timing.rounds());
            List<Measurement> found = new ArrayList<>();
            for (String name : subjects.keySet()) {
                found.add(
                        Measurement.of(
                                workload.name(), name, workload.unit(), rates[found.size()]));
            }
            found.add(Measurement.of(workload.name(), PEAK, "GFLOP/s", rates[found.size()]));
            return new Outcome(workload, found, absent);
        } finally {
            subjects.values().forEach(Subject::close);
        }
    }

    private void open(Task task, Map<String, Subject> subjects, Map<String, String> absent) {
        for (Library library : libraries) {
            if (!library.computes(task.workload())) {
                continue;
            }
            try {
                subjects.put(library.name(), library.open(task));
            } catch (Exception | LinkageError e) {
                absent.put(library.name(), reason(e));
            }
        }
    }

    /** Advances everybody twice, since the second call shows whether the state was carried. */
    private static void check(
            Task task, Map<String, Subject> subjects, Map<String, String> absent) {
        float[] expected = null;
        for (String name : List.copyOf(subjects.keySet())) {
            Subject subject = subjects.get(name);
            try {
                subject.advance();
                subject.advance();
                float[] outputs = subject.outputs();
                expected = expected == null ? outputs : expected;
                double difference = difference(expected, outputs);
                if (!(difference <= TOLERANCE)) {
                    throw new IllegalStateException(
                            "outputs must be ours within %s, got a difference of %s in %s"
                                    .formatted(TOLERANCE, difference, task.workload().name()));
                }
            } catch (RuntimeException | LinkageError e) {
                subjects.remove(name).close();
                absent.put(name, reason(e));
            }
        }
    }

    /** The greatest difference; NaN where there is one. */
    private static double difference(float[] expected, float[] outputs) {
        if (expected.length != outputs.length) {
            return Double.NaN;
        }
        double greatest = 0;
        for (int k = 0; k < expected.length; k++) {
            greatest = Math.max(greatest, Math.abs((double) expected[k] - outputs[k]));
        }
        return greatest;
    }

    private static String reason(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        String message = root.getMessage();
        return message == null
                ? root.getClass().getSimpleName()
                : message.lines().findFirst().get();
    }

    private DoubleSupplier entrant(Runnable call, double work) {
        int calls = warmUp(call);
        return () -> work * calls / (time(call, calls) * 1e-9);
    }

    /**
     * Runs until the JIT compiler has been idle for as long as a warm-up, at most thirty times as
     * long, and gives the number of calls in a slice.
     */
    private int warmUp(Runnable call) {
        int calls = 1;
        long last = time(call, calls);
        long began = System.nanoTime();
        long changed = began;
        long compiled = COMPILER.getTotalCompilationTime();
        long now = began;
        while (now - changed < timing.warmUp() && now - began < 30 * timing.warmUp()) {
            if (last < timing.slice() / 4) {
                calls *= 2;
            } else if (last > timing.slice() && calls > 1) {
                calls /= 2;
            }
            last = time(call, calls);
            now = System.nanoTime();
            if (compiled != COMPILER.getTotalCompilationTime()) {
                compiled = COMPILER.getTotalCompilationTime();
                changed = now;
            }
        }
        return (int) Math.max(1, calls * timing.slice() / Math.max(1, last));
    }

    private static long time(Runnable call, int calls) {
        long began = System.nanoTime();
        for (int k = 0; k < calls; k++) {
            call.run();
        }
        return System.nanoTime() - began;
    }
}
