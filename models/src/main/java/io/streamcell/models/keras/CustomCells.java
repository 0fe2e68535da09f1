package io.streamcell.models.keras;

import io.streamcell.models.CellType;
import io.streamcell.models.CustomCell;
import io.streamcell.models.TensorWeights;
import io.streamcell.models.UnsupportedModelException;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;

/** Cells that users added: a registered name is looked up among those on the class path. */
final class CustomCells {
    private CustomCells() {}

    static CustomCell read(String name, LayerConfig config, LayerWeights weights, int features) {
        List<String> known = new ArrayList<>();
        for (CellType type :
                ServiceLoader.load(CellType.class, CustomCells.class.getClassLoader())) {
            if (type.registeredName().equals(name)) {
                List<TensorWeights> arrays = weights.all();
                String saved = config.config().toString();
                CellType.CellWidths widths = type.widths(saved, features, arrays);
                return new CustomCell(
                        name,
                        saved,
                        features,
                        widths.units(),
                        widths.stateSizes(),
                        widths.outputState(),
                        arrays);
            }
            known.add(type.registeredName());
        }
        throw new UnsupportedModelException(
                "layer %s: its cell must be LSTMCell, GRUCell, SimpleRNNCell, a stack of them, one of streamcell's, or one added in Java (on the class path: %s), got %s"
                        .formatted(config.name(), known.isEmpty() ? "none" : known, name));
    }
}
