package io.streamcell.kernels;

import io.streamcell.models.Activation;
import io.streamcell.models.Cell;
import io.streamcell.models.Concatenate;
import io.streamcell.models.Convolution;
import io.streamcell.models.Dense;
import io.streamcell.models.ElementFunction;
import io.streamcell.models.Layer;
import io.streamcell.models.MaskLayer;
import io.streamcell.models.Merge;
import io.streamcell.models.Network;
import io.streamcell.models.NetworkBuilder;
import io.streamcell.models.Recurrent;
import io.streamcell.models.Resampling;
import io.streamcell.models.RowLayer;
import io.streamcell.models.TimeLayer;
import io.streamcell.models.Weights;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Networks with masks, both directions, given states, pooling, slices and convolutions. */
public final class RandomGraphs {
    private static final int[] SIZES = {1, 2, 3, 7, 8, 17, 33};

    private final Random random;
    private final RandomNetworks cells;
    private final NetworkBuilder builder = new NetworkBuilder("graph");
    private int names;
    private int mask = -1;

    public RandomGraphs(long seed) {
        this.random = new Random(seed);
        this.cells = new RandomNetworks(seed);
    }

    public Network network() {
        int x = builder.timedInput("x", List.of(size()));
        if (random.nextBoolean()) {
            // Random inputs are 1 nowhere, so a rounded one decides.
            int sign =
                    add(
                            new RowLayer.Elementwise(
                                    name(),
                                    "Sign",
                                    List.of(
                                            ElementFunction.of(
                                                    ElementFunction.Kind.CLIP, 0, 1e-30f))),
                            first(x));
            mask = add(new MaskLayer.Differs(name(), "Mask", 0), sign);
        }
        int current = x;
        for (int n = 1 + random.nextInt(4); n > 0; n--) {
            current = step(current);
        }
        List<Integer> outputs = new ArrayList<>(List.of(current));
        if (random.nextBoolean()) {
            outputs.addAll(end(current));
        }
        List<String> outputNames = new ArrayList<>();
        outputs.forEach(output -> outputNames.add("out" + outputNames.size()));
        return builder.build(outputNames, outputs, true);
    }

    /** The first value of every timestep. */
    private int first(int x) {
        return add(new RowLayer.Rearrange(name(), "GetItem", List.of(1), new int[] {0}), x);
    }

    private int step(int x) {
        int width = builder.shape(x).features();
        return switch (random.nextInt(7)) {
            case 0 -> recurrent(x, true, true, List.of()).get(0);
            case 1 -> {
                int there = recurrent(x, true, false, List.of()).get(0);
                int back = recurrent(x, true, true, List.of()).get(0);
                yield add(new Concatenate(name()), there, add(new TimeLayer.Reverse(name()), back));
            }
            case 2 -> {
                int other = add(dense(width, width), x);
                Merge.Operation[] all = Merge.Operation.values();
                yield add(new Merge(name(), all[random.nextInt(all.length)]), x, other);
            }
            case 3 -> add(convolution(width), x);
            case 4 ->
                    add(
                            new RowLayer.Norm(name(), "UnitNormalization", 1e-12f, null, false),
                            add(dense(width, size()), x));
            case 5 -> {
                List<Integer> encoded = recurrent(x, false, false, List.of());
                int pooled =
                        add(
                                new TimeLayer.GlobalPool(
                                        name(), "Pool", TimeLayer.Pooling.MAX, false, false),
                                x);
                int units = size();
                List<Integer> given =
                        List.of(
                                add(
                                        dense(builder.shape(encoded.get(0)).features(), units),
                                        encoded.get(0)),
                                add(dense(builder.shape(pooled).features(), units), pooled));
                yield recurrent(x, true, false, given).get(0);
            }
            default -> recurrent(x, true, false, List.of()).get(0);
        };
    }

    private List<Integer> end(int x) {
        int width = builder.shape(x).features();
        return switch (random.nextInt(4)) {
            case 0 -> List.of(add(new TimeLayer.Timestep(name(), -1), x));
            case 1 -> {
                int last = add(new TimeLayer.Timestep(name(), 0), x);
                int repeated =
                        add(new TimeLayer.Unroll(name(), "Repeat", 3, false, List.of(width)), last);
                yield List.of(recurrent(repeated, true, false, List.of(), -1).get(0));
            }
            case 2 ->
                    List.of(
                            add(
                                    new TimeLayer.TimeSlice(
                                            name(),
                                            "GetItem",
                                            new Resampling.Slice(0, Resampling.Slice.END, 2)),
                                    x));
            default -> recurrent(x, false, false, List.of());
        };
    }

    private List<Integer> recurrent(
            int x, boolean sequences, boolean backwards, List<Integer> given) {
        return recurrent(x, sequences, backwards, given, mask);
    }

    private List<Integer> recurrent(
            int x, boolean sequences, boolean backwards, List<Integer> given, int skipped) {
        int width = builder.shape(x).features();
        int units = given.isEmpty() ? size() : builder.shape(given.get(0)).features();
        Cell cell = given.isEmpty() ? cells.cell(width, units) : cells.lstm(width, units);
        Recurrent.Mode mode =
                new Recurrent.Mode(
                        null,
                        backwards,
                        skipped >= 0,
                        skipped >= 0 && random.nextBoolean(),
                        !given.isEmpty(),
                        null);
        Recurrent layer =
                new Recurrent(
                        name(), "RNN", List.of(cell), sequences, random.nextBoolean(), true, mode);
        List<Integer> reads = new ArrayList<>(List.of(x));
        reads.addAll(given);
        if (skipped >= 0) {
            reads.add(skipped);
        }
        return builder.add(layer, reads);
    }

    private Convolution convolution(int features) {
        int taps = 1 + random.nextInt(3);
        int dilation = 1 + random.nextInt(2);
        int span = (taps - 1) * dilation + 1;
        int filters = size();
        boolean causal = random.nextBoolean();
        Convolution convolution =
                new Convolution(
                        name(),
                        "Conv1D",
                        features,
                        taps,
                        dilation,
                        new Resampling.Windows(
                                span, 1, causal ? span - 1 : Resampling.Windows.SAME),
                        causal,
                        1,
                        Activation.TANH,
                        weights(taps * features, filters),
                        weights(1, filters),
                        false);
        return convolution.mayCarry() && random.nextBoolean()
                ? convolution.carrying(convolution.name())
                : convolution;
    }

    private Dense dense(int features, int units) {
        return new Dense(name(), weights(features, units), weights(1, units), Activation.LINEAR);
    }

    private int add(Layer layer, Integer... reads) {
        return builder.add(layer, List.of(reads)).get(0);
    }

    private String name() {
        return "layer" + names++;
    }

    private int size() {
        return SIZES[random.nextInt(SIZES.length)];
    }

    private Weights weights(int rows, int columns) {
        float[] values = new float[rows * columns];
        for (int k = 0; k < values.length; k++) {
            values[k] = (float) random.nextGaussian() * 0.4f;
        }
        return Weights.matrix(rows, columns, values);
    }
}
