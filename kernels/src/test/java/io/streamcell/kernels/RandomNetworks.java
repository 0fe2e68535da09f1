package io.streamcell.kernels;

import io.streamcell.models.Activate;
import io.streamcell.models.Activation;
import io.streamcell.models.BatchNormalization;
import io.streamcell.models.Cell;
import io.streamcell.models.Concatenate;
import io.streamcell.models.Dense;
import io.streamcell.models.Embedding;
import io.streamcell.models.Gru;
import io.streamcell.models.Identity;
import io.streamcell.models.Layer;
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

/** Networks of every kind of layer with random weights and awkward sizes, the same for a seed. */
public final class RandomNetworks {
    private static final int[] SIZES = {1, 2, 3, 7, 8, 16, 17, 33, 64};
    private static final int VOCABULARY = 11;

    private final Random random;
    private NetworkBuilder builder = new NetworkBuilder("random");
    private int names;

    public RandomNetworks(long seed) {
        random = new Random(seed);
    }

    /** One recurrent layer of one cell, its sequence as the output. */
    public Network single(Cell cell) {
        return single(cell, true);
    }

    /**
     * One recurrent layer, {@code rnn}, of one cell; its sequence or its last timestep is the
     * output.
     */
    public Network single(Cell cell, boolean returnSequences) {
        NetworkBuilder single = new NetworkBuilder(cell.kind());
        int x = single.timedInput("x", List.of(cell.features()));
        Recurrent layer =
                new Recurrent("rnn", cell.kind(), List.of(cell), returnSequences, false, true);
        return single.build(List.of("h"), single.add(layer, List.of(x)), false);
    }

    /**
     * A network in which each timestep's outputs depend on nothing after it, so that the law of
     * chunks holds.
     */
    public Network causal() {
        return network(false);
    }

    /** A network that may have static inputs, outputs once a chunk, and several time axes. */
    public Network any() {
        return network(true);
    }

    private Network network(boolean wholeChunks) {
        builder = new NetworkBuilder("random");
        int width = size();
        boolean tokens = random.nextInt(5) == 0;
        boolean inner = !tokens && random.nextInt(5) == 0;
        List<Integer> dims = tokens ? List.of() : inner ? List.of(3, width) : List.of(width);
        int current = builder.timedInput("x", dims);
        int side = random.nextInt(3) == 0 ? builder.timedInput("side", List.of(size())) : -1;
        int still = wholeChunks ? builder.staticInput("still", List.of(size())) : -1;
        boolean apart = wholeChunks && random.nextInt(3) == 0;
        if (tokens) {
            current = add(new Embedding(name(), matrix(VOCABULARY, width)), current);
        }
        for (int n = random.nextInt(2 + (inner ? 3 : 0)); n > 0; n--) {
            current = step(current);
        }
        List<Integer> outputs = new ArrayList<>();
        if (inner) {
            outputs.add(current);
            current = side >= 0 ? side : current;
        } else if (side >= 0 && apart) {
            outputs.add(add(recurrent(features(side), random.nextBoolean(), false), side));
        } else if (side >= 0) {
            current = add(new Concatenate(name()), current, side);
        }
        if (builder.shape(current).dims().size() == 1) {
            current = body(current, still, wholeChunks, outputs);
        }
        outputs.add(current);
        List<String> outputNames = new ArrayList<>();
        outputs.forEach(output -> outputNames.add("out" + outputNames.size()));
        return builder.build(outputNames, outputs, outputs.size() > 1);
    }

    private int body(int input, int still, boolean wholeChunks, List<Integer> outputs) {
        int current = input;
        for (int n = 1 + random.nextInt(3); n > 0; n--) {
            boolean state = wholeChunks && random.nextInt(3) == 0;
            List<Integer> all =
                    builder.add(recurrent(features(current), true, state), List.of(current));
            current = all.get(0);
            outputs.addAll(all.subList(1, all.size()));
            if (still >= 0 && random.nextBoolean()) {
                int fitting = add(dense(features(still), features(current)), still);
                current =
                        random.nextBoolean()
                                ? add(new Merge(name(), Merge.Operation.ADD), current, fitting)
                                : add(new Merge(name(), Merge.Operation.ADD), fitting, current);
            }
            if (random.nextInt(3) > 0) {
                current = step(current);
            }
        }
        if (wholeChunks && random.nextBoolean()) {
            current = add(recurrent(features(current), false, false), current);
            current = step(current);
        }
        return current;
    }

    private int step(int input) {
        int features = features(input);
        return switch (random.nextInt(7)) {
            case 0 -> add(new Activate(name(), activation(features)), input);
            case 1 -> add(new Identity(name(), "Dropout"), input);
            case 2 ->
                    add(
                            new BatchNormalization(name(), vector(features), vector(features), 1),
                            input);
            case 3 ->
                    add(
                            new LayerNormalization(
                                    name(), 1e-3f, vector(features), vector(features), 1),
                            input);
            case 4 -> {
                int dense = add(dense(features, features), input);
                yield add(new Merge(name(), Merge.Operation.ADD), input, dense, input);
            }
            case 5 -> add(new Concatenate(name()), input, add(dense(features, size()), input));
            default -> {
                int units = size();
                yield add(
                        new Dense(
                                name(), matrix(features, units), vector(units), activation(units)),
                        input);
            }
        };
    }

    private Recurrent recurrent(int features, boolean returnSequences, boolean returnState) {
        List<Cell> cells = new ArrayList<>();
        int width = features;
        for (int n = random.nextInt(3) == 0 ? 2 + random.nextInt(2) : 1; n > 0; n--) {
            int units = size();
            cells.add(cell(width, units));
            width = units;
        }
        return new Recurrent(
                name(), "RNN", cells, returnSequences, returnState, random.nextBoolean());
    }

    /** A cell of a random kind; its activations are mostly Keras's defaults. */
    public Cell cell(int features, int units) {
        return switch (random.nextInt(6)) {
            case 4, 5 -> new RandomCells(random).composed(features, units);
            case 0 -> lstm(features, units);
            case 1 -> gru(features, units, true);
            case 2 -> gru(features, units, false);
            default ->
                    new SimpleRnn(
                            features,
                            units,
                            activationOr(Activation.TANH, units),
                            matrix(features, units),
                            matrix(units, units),
                            vector(units));
        };
    }

    public Lstm lstm(int features, int units) {
        return new Lstm(
                features,
                units,
                activationOr(Activation.TANH, units),
                activationOr(Activation.SIGMOID, units),
                matrix(features, 4 * units),
                matrix(units, 4 * units),
                vector(4 * units));
    }

    public Gru gru(int features, int units, boolean resetAfter) {
        return new Gru(
                features,
                units,
                resetAfter,
                activationOr(Activation.TANH, units),
                activationOr(Activation.SIGMOID, units),
                matrix(features, 3 * units),
                matrix(units, 3 * units),
                matrix(resetAfter ? 2 : 1, 3 * units));
    }

    private Dense dense(int features, int units) {
        return new Dense(name(), matrix(features, units), vector(units), Activation.LINEAR);
    }

    private Activation activationOr(Activation usual, int units) {
        return random.nextInt(3) > 0 ? usual : activation(units);
    }

    private Activation activation(int features) {
        Activation[] all = Activation.values();
        Activation any = all[random.nextInt(all.length)];
        return any == Activation.GLU && features % 2 != 0 ? Activation.SOFTMAX : any;
    }

    private int add(Layer layer, Integer... inputs) {
        return builder.add(layer, List.of(inputs)).get(0);
    }

    private int features(int tensor) {
        return builder.shape(tensor).features();
    }

    private String name() {
        return "layer" + names++;
    }

    private int size() {
        return random.nextInt(25) == 0 ? 257 : SIZES[random.nextInt(SIZES.length)];
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
