package io.streamcell.kernels.graph;

import io.streamcell.models.MaskLayer;

/** Layers that make masks, and the one that blanks what is masked. */
final class MaskSteps {
    private MaskSteps() {}

    static Step of(MaskLayer layer, Tensor[] inputs, Tensor output) {
        Tensor input = inputs[0];
        if (layer instanceof MaskLayer.Differs differs) {
            return (rows, slab) ->
                    differs(differs.value(), rows.height(input.shape()), input, output);
        } else if (layer instanceof MaskLayer.Compare compare) {
            return (rows, slab) -> {
                for (int k = 0; k < rows.height(input.shape()) * input.width(); k++) {
                    boolean same = input.values()[k] == compare.value();
                    output.values()[k] = same == compare.equal() ? 1 : 0;
                }
            };
        } else if (layer instanceof MaskLayer.Blank blank) {
            return (rows, slab) -> blank(blank.value(), rows.height(input.shape()), inputs, output);
        } else if (layer instanceof MaskLayer.Choose) {
            return (rows, slab) -> choose(rows, inputs, output);
        }
        return (rows, slab) -> {
            for (int k = 0; k < rows.height(output.shape()) * output.width(); k++) {
                boolean joined = false;
                for (Tensor mask : inputs) {
                    joined |= mask.values()[k] != 0;
                }
                output.values()[k] = joined ? 1 : 0;
            }
        };
    }

    private static void differs(float value, int height, Tensor input, Tensor output) {
        for (int row = 0; row < height; row++) {
            boolean differs = false;
            for (int k = row * input.width(); k < (row + 1) * input.width(); k++) {
                differs |= input.values()[k] != value;
            }
            output.values()[row] = differs ? 1 : 0;
        }
    }

    private static void blank(float value, int height, Tensor[] inputs, Tensor output) {
        int width = output.width();
        for (int row = 0; row < height; row++) {
            boolean counts = inputs[1].values()[row] != 0;
            for (int k = row * width; k < (row + 1) * width; k++) {
                output.values()[k] = counts ? inputs[0].values()[k] : value;
            }
        }
    }

    private static void choose(Rows rows, Tensor[] inputs, Tensor output) {
        for (int row = 0; row < rows.count(); row++) {
            for (int t = 0; t < rows.length(output.shape(), row); t++) {
                boolean first = inputs[2].values()[inputs[2].at(rows, row, t)] != 0;
                Tensor from = inputs[first ? 0 : 1];
                System.arraycopy(
                        from.values(),
                        from.at(rows, row, t),
                        output.values(),
                        output.at(rows, row, t),
                        output.width());
            }
        }
    }
}
