package io.streamcell.kernels.nd4j;

import io.streamcell.models.CellType;
import io.streamcell.models.TensorWeights;
import java.util.List;

/** A cell that can be read and not computed. */
public final class WidthsOnly implements CellType {
    @Override
    public String registeredName() {
        return "test>WidthsOnly";
    }

    @Override
    public CellWidths widths(String config, int features, List<TensorWeights> weights) {
        return new CellWidths(1, List.of(1), 0);
    }
}
