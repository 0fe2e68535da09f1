package io.streamcell.models.keras;

import io.streamcell.models.Activation;
import io.streamcell.models.Convolution;
import io.streamcell.models.Dense;
import io.streamcell.models.Layer;
import io.streamcell.models.Resampling;
import io.streamcell.models.TimeLayer;
import io.streamcell.models.TimeLayer.Pooling;
import io.streamcell.models.Weights;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Layers that look at many timesteps. */
final class TimeReader {
    /** That a convolution looks at. */
    private static final int MOST_TIMESTEPS = 1 << 16;

    private static final Set<String> KINDS =
            Set.of(
                    "GlobalAveragePooling1D",
                    "GlobalMaxPooling1D",
                    "AveragePooling1D",
                    "MaxPooling1D",
                    "Conv1D",
                    "DepthwiseConv1D",
                    "SeparableConv1D",
                    "Cropping1D");

    private final Graph graph;

    TimeReader(Graph graph) {
        this.graph = graph;
    }

    static boolean knows(String kind) {
        return KINDS.contains(kind);
    }

    Value call(LayerConfig config, LayerWeights weights, Value input) {
        if (!config.text("data_format", "channels_last").equals("channels_last")) {
            throw config.refused("data_format", "channels_first", "channels_last");
        }
        Value x = graph.timed(input, config.name());
        return switch (config.kind()) {
            case "GlobalAveragePooling1D" -> globalPool(config, x, Pooling.AVERAGE);
            case "GlobalMaxPooling1D" -> globalPool(config, x, Pooling.MAX);
            case "AveragePooling1D" -> pool(config, x, Pooling.AVERAGE);
            case "MaxPooling1D" -> pool(config, x, Pooling.MAX);
            case "Cropping1D" -> crop(config, x);
            default -> convolution(config, weights, x);
        };
    }

    private Value globalPool(LayerConfig config, Value x, Pooling pooling) {
        boolean masked = x.masked() && pooling == Pooling.AVERAGE;
        List<Integer> reads = new ArrayList<>(List.of(x.tensor()));
        if (masked) {
            reads.add(x.mask());
        }
        Layer layer =
                new TimeLayer.GlobalPool(
                        config.name(),
                        config.kind(),
                        pooling,
                        masked,
                        config.flag("keepdims", false));
        return Value.unmasked(graph.add(layer, reads).get(0));
    }

    private Value pool(LayerConfig config, Value x, Pooling pooling) {
        int size = config.one("pool_size", 2);
        int stride = config.one("strides", size);
        Resampling.Windows windows = new Resampling.Windows(size, stride, padded(config, size));
        return Value.unmasked(
                graph.add(
                        new TimeLayer.WindowPool(config.name(), config.kind(), pooling, windows),
                        x.tensor()));
    }

    private static int padded(LayerConfig config, int span) {
        String padding = config.text("padding", "valid");
        return switch (padding) {
            case "valid" -> 0;
            case "same" -> Resampling.Windows.SAME;
            case "causal" -> span - 1;
            default -> throw config.refused("padding", padding, "valid, same or causal");
        };
    }

    private Value crop(LayerConfig config, Value x) {
        List<Integer> cropping = config.numbers("cropping");
        int before = cropping.get(0);
        int after = cropping.get(cropping.size() - 1);
        if (before < 0 || after < 0) {
            throw config.refused("cropping", cropping.toString(), "two numbers of timesteps");
        }
        Resampling.Slice slice =
                new Resampling.Slice(before, after == 0 ? Resampling.Slice.END : -after, 1);
        return Value.unmasked(
                graph.add(
                        new TimeLayer.TimeSlice(config.name(), config.kind(), slice), x.tensor()));
    }

    private Value convolution(LayerConfig config, LayerWeights weights, Value x) {
        int features = graph.shape(x).features();
        Layer layer = graph.once(weights.path(), () -> read(config, weights, features));
        int output = graph.add(layer, x.tensor());
        if (config.kind().equals("SeparableConv1D")) {
            int depth = graph.builder().shape(output).features();
            Layer pointwise =
                    graph.once(
                            weights.path() + "/pointwise", () -> pointwise(config, weights, depth));
            output = graph.add(pointwise, output);
        }
        return Value.unmasked(output);
    }

    private Convolution read(LayerConfig config, LayerWeights weights, int features) {
        boolean separable = config.kind().equals("SeparableConv1D");
        boolean deep = separable || config.kind().equals("DepthwiseConv1D");
        int taps = config.one("kernel_size", 1);
        int dilation = config.one("dilation_rate", 1);
        int span = Math.addExact(Math.multiplyExact(taps - 1, dilation), 1);
        if (span > MOST_TIMESTEPS) {
            throw config.refused(
                    "dilation_rate",
                    String.valueOf(dilation),
                    "so small that a window spans at most %d timesteps".formatted(MOST_TIMESTEPS));
        }
        int multiplier = deep ? config.one("depth_multiplier", 1) : 1;
        int groups = deep ? features : config.one("groups", 1);
        if (features % groups != 0) {
            throw config.refused(
                    "groups", String.valueOf(groups), "a divisor of %d".formatted(features));
        }
        int filters = deep ? Math.multiplyExact(features, multiplier) : config.positive("filters");
        int depth = deep ? features : features / groups;
        float[] kernel = weights.read(0, taps, depth, deep ? multiplier : filters);
        boolean biased = !separable && config.flag("use_bias", true);
        String padding = config.text("padding", "valid");
        return new Convolution(
                separable ? config.name() + "/depthwise" : config.name(),
                config.kind(),
                features,
                taps,
                dilation,
                new Resampling.Windows(span, config.one("strides", 1), padded(config, span)),
                padding.equals("causal"),
                groups,
                separable ? Activation.LINEAR : config.activation("activation"),
                Weights.matrix(taps * (features / groups), filters, kernel),
                biased ? weights.vector(1, filters) : Weights.vector(new float[filters]),
                false);
    }

    private static Dense pointwise(LayerConfig config, LayerWeights weights, int depth) {
        int filters = config.positive("filters");
        float[] kernel = weights.read(1, 1, depth, filters);
        return new Dense(
                config.name(),
                Weights.matrix(depth, filters, kernel),
                config.flag("use_bias", true)
                        ? weights.vector(2, filters)
                        : Weights.vector(new float[filters]),
                config.activation("activation"));
    }
}
