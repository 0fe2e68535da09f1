package io.streamcell.models;

import java.util.List;

/**
 * A convolution over time: {@code activation(b + sum over taps x(t - ...) W(tap))}, tap by tap, the
 * oldest first.
 *
 * @param windows span is {@code (taps - 1)*dilation + 1}; a causal convolution pads {@code span -
 *     1} timesteps in front
 * @param groups in which features and filters are split, each group by itself
 * @param weights {@code [taps*features/groups, filters]}
 * @param bias {@code [filters]}; zeros where the layer has none
 * @param carried whether a causal convolution of stride 1 keeps its last inputs from chunk to
 *     chunk; else every chunk begins with zeros
 */
public record Convolution(
        String name,
        String kind,
        int features,
        int taps,
        int dilation,
        Resampling.Windows windows,
        boolean causal,
        int groups,
        Activation activation,
        Weights weights,
        Weights bias,
        boolean carried)
        implements Stateful {
    public Convolution {
        CellShapes.check(
                "layer " + name + ": weights", weights, taps * (features / groups), bias.columns());
    }

    /** Whether its last inputs can be kept from chunk to chunk. */
    public boolean mayCarry() {
        return causal && windows.stride() == 1 && windows.span() > 1;
    }

    /** The same convolution under another name, keeping its last inputs. */
    public Convolution carrying(String part) {
        return new Convolution(
                part,
                kind,
                features,
                taps,
                dilation,
                windows,
                causal,
                groups,
                activation,
                weights,
                bias,
                true);
    }

    /** Whether it gives a timestep for each that it reads. */
    public boolean sameLength() {
        return windows.stride() == 1
                && (windows.padded() == Resampling.Windows.SAME
                        || windows.padded() == windows.span() - 1);
    }

    @Override
    public String part() {
        return name;
    }

    @Override
    public List<Integer> stateSizes() {
        return carried ? List.of((windows.span() - 1) * features) : List.of();
    }

    @Override
    public boolean stateful() {
        return true;
    }

    @Override
    public Resampling resampling() {
        return sameLength() ? null : windows;
    }

    @Override
    public boolean needsWholeChunks() {
        return windows.span() > 1 && !carried || windows.stride() > 1;
    }

    @Override
    public List<Shape> outputs(List<Shape> inputs) {
        Shape input = inputs.get(0);
        if (!input.timed() || input.dims().size() != 1 || input.features() != features) {
            throw new UnsupportedModelException(
                    "layer %s must read (batch, time, %d), got %s"
                            .formatted(name, features, input));
        }
        Shape output = Shape.timed(sameLength() ? input.axis() : Shape.NEW, bias.columns());
        return List.of(Activate.shape(name, activation, output));
    }

    @Override
    public long parameters() {
        return (long) weights.count() + bias.count();
    }

    @Override
    public void describe(CanonicalForm form) {
        form.text("convolution").number(taps).number(dilation).number(windows.stride());
        form.number(windows.padded()).number(causal ? 1 : 0).number(groups);
        form.text(activation.keras()).weights(weights).weights(bias).number(carried ? 1 : 0);
    }
}
