package io.streamcell.kernels;

import io.streamcell.models.Activate;
import io.streamcell.models.Activation;
import io.streamcell.models.BatchNormalization;
import io.streamcell.models.Cell;
import io.streamcell.models.Concatenate;
import io.streamcell.models.Dense;
import io.streamcell.models.Embedding;
import io.streamcell.models.Gru;
import io.streamcell.models.LayerNormalization;
import io.streamcell.models.Lstm;
import io.streamcell.models.Merge;
import io.streamcell.models.Network;
import io.streamcell.models.NetworkBuilder;
import io.streamcell.models.Recurrent;
import io.streamcell.models.SimpleRnn;
import io.streamcell.models.Weights;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Networks for tests, with random weights. */
public final class RandomNetworks {
    private static final int[] SIZES = {1, 3, 7, 17, 33};

    private final Random random;

    public RandomNetworks(long seed) {
        this.random = new Random(seed);
    }

    /** LSTM(units) and a Dense(2) over every timestep. */
    public Network lstm(int features, int units) {
        return single(lstmCell(features, units), true);
    }

    /** A recurrent layer, and a Dense(2) over its timesteps or over the chunk's last one. */
    public Network single(Cell cell, boolean returnSequences) {
        NetworkBuilder builder = new NetworkBuilder("test");
        int input = builder.timedInput("x", List.of(cell.features()));
        int rnn =
                builder.add(
                                new Recurrent(
                                        "rnn",
                                        cell.kind(),
                                        List.of(cell),
                                        returnSequences,
                                        false,
                                        false),
                                List.of(input))
                        .get(0);
        int output = builder.add(dense("out", cell.units(), 2), List.of(rnn)).get(0);
        return builder.build(List.of("out"), List.of(output), false);
    }

    /** A stack of random layers over every timestep, with a residual path, one or two inputs. */
    public Network stack() {
        NetworkBuilder builder = new NetworkBuilder("random");
        boolean tokens = random.nextInt(4) == 0;
        boolean two = random.nextInt(4) == 0;
        int width = size();
        int input = builder.timedInput("x", tokens ? List.of() : List.of(width));
        int side = two ? builder.timedInput("side", List.of(2)) : -1;
        int current = input;
        if (tokens) {
            current = add(builder, new Embedding("embedding", matrix(11, width)), current);
        }
        if (two) {
            current = builder.add(new Concatenate("join"), List.of(current, side)).get(0);
            width += 2;
        }
        int layers = 1 + random.nextInt(4);
        for (int k = 0; k < layers; k++) {
            if (random.nextInt(3) > 0 || k == 0) {
                List<Cell> cells = new ArrayList<>();
                for (int n = random.nextInt(4) == 0 ? 2 : 1; n > 0; n--) {
                    int units = size();
                    cells.add(cell(width, units));
                    width = units;
                }
                current =
                        add(
                                builder,
                                new Recurrent("rnn" + k, "RNN", cells, true, false, k % 2 == 0),
                                current);
            } else {
                int before = current;
                current = add(builder, new Activate("act" + k, activation()), current);
                current = add(builder, dense("dense" + k, width, width), current);
                current = add(builder, normalization("norm" + k, width), current);
                current =
                        builder.add(
                                        new Merge("add" + k, Merge.Operation.ADD),
                                        List.of(before, current))
                                .get(0);
            }
        }
        int output = add(builder, dense("out", width, 2), current);
        boolean both = random.nextBoolean();
        return both
                ? builder.build(List.of("out", "last"), List.of(output, current), true)
                : builder.build(List.of("out"), List.of(output), false);
    }

    /**
     * An output of the chunk's last timestep, the states after it, and a static input that every
     * timestep meets.
     */
    public Network perChunk() {
        int width = size();
        NetworkBuilder builder = new NetworkBuilder("per chunk");
        int input = builder.timedInput("x", List.of(width));
        int site = builder.staticInput("site", List.of(3));
        int projected = add(builder, dense("site", 3, width), site);
        var met = new Merge("meet", Merge.Operation.ADD);
        boolean siteFirst = random.nextBoolean();
        List<Integer> both = siteFirst ? List.of(projected, input) : List.of(input, projected);
        int x = builder.add(met, both).get(0);
        List<Cell> cells = List.of(cell(width, 5), cell(5, 7));
        boolean sequences = random.nextBoolean();
        List<Integer> outputs =
                builder.add(new Recurrent("rnn", "RNN", cells, sequences, true, false), List.of(x));
        List<String> names = new ArrayList<>();
        outputs.forEach(output -> names.add("output" + output));
        return builder.build(names, outputs, true);
    }

    private static int add(NetworkBuilder builder, io.streamcell.models.Layer layer, int input) {
        return builder.add(layer, List.of(input)).get(0);
    }

    private io.streamcell.models.Layer normalization(String name, int width) {
        return random.nextBoolean()
                ? new BatchNormalization(name, vector(width), vector(width), 4L * width)
                : new LayerNormalization(name, 1e-3f, vector(width), vector(width), 2L * width);
    }

    private Cell cell(int features, int units) {
        return switch (random.nextInt(4)) {
            case 0 -> lstmCell(features, units);
            case 1 -> gruCell(features, units, true);
            case 2 -> gruCell(features, units, false);
            default ->
                    new SimpleRnn(
                            features,
                            units,
                            activation(),
                            matrix(features, units),
                            matrix(units, units),
                            vector(units));
        };
    }

    public Lstm lstmCell(int features, int units) {
        return new Lstm(
                features,
                units,
                Activation.TANH,
                Activation.SIGMOID,
                matrix(features, 4 * units),
                matrix(units, 4 * units),
                vector(4 * units));
    }

    public Gru gruCell(int features, int units, boolean resetAfter) {
        return new Gru(
                features,
                units,
                resetAfter,
                Activation.TANH,
                Activation.SIGMOID,
                matrix(features, 3 * units),
                matrix(units, 3 * units),
                matrix(resetAfter ? 2 : 1, 3 * units));
    }

    private Dense dense(String name, int features, int units) {
        return new Dense(name, matrix(features, units), vector(units), Activation.LINEAR);
    }

    private Activation activation() {
        Activation[] some = {
            Activation.TANH,
            Activation.RELU,
            Activation.SIGMOID,
            Activation.SOFTMAX,
            Activation.GELU
        };
        return some[random.nextInt(some.length)];
    }

    private int size() {
        return SIZES[random.nextInt(SIZES.length)];
    }

    private Weights vector(int length) {
        return Weights.vector(values(length));
    }

    private Weights matrix(int rows, int columns) {
        return Weights.matrix(rows, columns, values(rows * columns));
    }

    private float[] values(int count) {
        float[] values = new float[count];
        for (int k = 0; k < count; k++) {
            values[k] = (float) random.nextGaussian() * 0.4f;
        }
        return values;
    }
}
