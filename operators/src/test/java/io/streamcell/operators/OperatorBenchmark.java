package io.streamcell.operators;

import com.sun.management.ThreadMXBean;
import io.streamcell.kernels.RandomNetworks;
import io.streamcell.models.Activation;
import io.streamcell.models.Lstm;
import io.streamcell.models.Network;
import io.streamcell.models.Weights;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.flink.runtime.state.StateBackend;
import org.apache.flink.runtime.state.hashmap.HashMapStateBackend;
import org.apache.flink.state.rocksdb.EmbeddedRocksDBStateBackend;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

/**
 * What an event costs in the operator alone, its streams being at hand: events made beforehand, one
 * thread, a checkpoint's writes after every round, no network and no sink. Arguments: features,
 * units, timesteps an event, streams; then, for each case, a provider and a backend (heap or
 * rocksdb), run in turn. {@code -Dbundle} sets {@code bundle.max-timesteps}, {@code -Drounds} how
 * many rounds there are: with 20 timesteps an event, 25 of them are 100 million timesteps. What an
 * event allocates, and what is in use in the heap, is told of the first and of the last round.
 */
public final class OperatorBenchmark {
    private static final int EVENTS = 200_000;
    private static final int ROUNDS = Integer.getInteger("rounds", 15);
    private static final int WARM_UPS = 4;

    private OperatorBenchmark() {}

    public static void main(String[] arguments) throws Exception {
        int features = Integer.parseInt(arguments[0]);
        int units = Integer.parseInt(arguments[1]);
        var events =
                events(features, Integer.parseInt(arguments[2]), Integer.parseInt(arguments[3]));
        List<Harness.Subtask> subtasks = new ArrayList<>();
        for (int k = 4; k < arguments.length; k += 2) {
            ScoringOptions options =
                    Harness.options()
                            .with(ScoringOptions.KERNEL_PROVIDER, arguments[k])
                            .with(
                                    ScoringOptions.BUNDLE_MAX_TIMESTEPS,
                                    Integer.getInteger("bundle", 2048));
            StateBackend backend =
                    arguments[k + 1].equals("heap")
                            ? new HashMapStateBackend()
                            : new EmbeddedRocksDBStateBackend();
            subtasks.add(
                    Harness.subtask(
                            network(features, units),
                            options,
                            new AllocationTest.Counting(),
                            backend));
        }
        double[][] nanos = new double[subtasks.size()][ROUNDS];
        long[][] bytes = new long[subtasks.size()][ROUNDS];
        long[] inUse = new long[ROUNDS];
        for (int round = -WARM_UPS; round < ROUNDS; round++) {
            for (int k = 0; k < subtasks.size(); k++) {
                long allocated = allocated();
                long began = System.nanoTime();
                for (StreamRecord<StreamEvent> event : events) {
                    subtasks.get(k).send(event);
                }
                subtasks.get(k).scoring().prepareSnapshotPreBarrier(1);
                nanos[k][Math.max(round, 0)] = (System.nanoTime() - began) / (double) EVENTS;
                bytes[k][Math.max(round, 0)] = allocated() - allocated;
            }
            if (round == 0 || round == ROUNDS - 1) {
                System.gc();
                inUse[round] = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
            }
        }
        for (int k = 0; k < subtasks.size(); k++) {
            java.util.Arrays.sort(nanos[k]);
            System.out.printf(
                    "%-10s %-8s %6.0f ns an event (%.0f to %.0f), %.1f bytes at first, %.1f at last%n",
                    arguments[4 + 2 * k],
                    arguments[5 + 2 * k],
                    nanos[k][ROUNDS / 2],
                    nanos[k][0],
                    nanos[k][ROUNDS - 1],
                    bytes[k][0] / (double) EVENTS,
                    bytes[k][ROUNDS - 1] / (double) EVENTS);
            subtasks.get(k).close();
        }
        System.out.printf(
                "in use in the heap: %,d kB at first, %,d kB at last%n",
                inUse[0] >> 10, inUse[ROUNDS - 1] >> 10);
    }

    /** Keras's LSTM with weights of a trained one's size, so that no value becomes subnormal. */
    private static Network network(int features, int units) {
        Random random = new Random(1);
        Lstm lstm =
                new Lstm(
                        features,
                        units,
                        Activation.TANH,
                        Activation.SIGMOID,
                        uniform(random, features, 4 * units, units),
                        uniform(random, units, 4 * units, units),
                        Weights.vector(new float[4 * units]));
        return new RandomNetworks(1).single(lstm);
    }

    private static Weights uniform(Random random, int rows, int columns, int units) {
        float[] values = new float[rows * columns];
        for (int k = 0; k < values.length; k++) {
            values[k] = (float) ((2 * random.nextDouble() - 1) / Math.sqrt(units));
        }
        return Weights.matrix(rows, columns, values);
    }

    private static List<StreamRecord<StreamEvent>> events(
            int features, int timesteps, int streams) {
        Random random = new Random(1);
        List<StreamRecord<StreamEvent>> events = new ArrayList<>();
        for (int k = 0; k < EVENTS; k++) {
            float[][] rows = new float[timesteps][features];
            for (float[] row : rows) {
                for (int n = 0; n < features; n++) {
                    row[n] = (float) random.nextGaussian();
                }
            }
            String stream = "stream-" + random.nextInt(streams);
            events.add(new StreamRecord<>(StreamEvent.chunk(stream, rows), k));
        }
        return events;
    }

    private static long allocated() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        return threads.getCurrentThreadAllocatedBytes();
    }
}
