package io.streamcell.kernels.cuda;

import io.streamcell.models.Activation;
import io.streamcell.models.Gru;
import io.streamcell.models.Lstm;
import io.streamcell.models.SimpleRnn;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;

/**
 * The source of a network's kernels: templates of the {@code .cuh} files, for the sizes and
 * activations of each layer. What is asked for twice is written once.
 */
final class Source {
    /** A kernel and the product that it computes with. */
    record Named(Product product, String kernel) {}

    private final List<Product> products;
    private final StringBuilder text = new StringBuilder();
    private final Map<String, String> types = new LinkedHashMap<>();
    private final Map<String, String> kernels = new LinkedHashMap<>();

    Source(Precision precision, Device.Properties device) {
        products = Product.of(precision, device);
        text.append("#include \"rows.cuh\"\n");
        if (precision.usesWarpGroups(device)) {
            text.append("#include \"warpgroup.cuh\"\n");
        }
    }

    String text() {
        return text.toString();
    }

    List<Named> lstm(Lstm cell) {
        String type =
                "Lstm<%d, %d, %s, %s>"
                        .formatted(
                                cell.features(),
                                cell.units(),
                                cell.activation(),
                                cell.recurrentActivation());
        return layer("RECURRENT_LAYER", type);
    }

    List<Named> gru(Gru cell) {
        String arguments =
                "<%d, %d, %s, %s>"
                        .formatted(
                                cell.features(),
                                cell.units(),
                                cell.activation(),
                                cell.recurrentActivation());
        return cell.resetAfter()
                ? layer("RECURRENT_LAYER", "Gru" + arguments)
                : layer("GRU_RESET_BEFORE", "GruBefore" + arguments);
    }

    List<Named> simpleRnn(SimpleRnn cell) {
        String type =
                "SimpleRnn<%d, %d, %s>".formatted(cell.features(), cell.units(), cell.activation());
        return layer("RECURRENT_LAYER", type);
    }

    List<Named> dense(int features, int units, Activation activation) {
        return layer("DENSE_LAYER", "Dense<%d, %d, %s>".formatted(features, units, activation));
    }

    String narrowDense(int features, int units, Activation activation) {
        return kernel("NARROW_DENSE_LAYER", "%d, %d, %s".formatted(features, units, activation));
    }

    String activation(Activation activation) {
        return kernel("ACTIVATION_LAYER", activation.name());
    }

    private List<Named> layer(String macro, String type) {
        List<Named> named = new ArrayList<>();
        for (Product product : products) {
            String arguments =
                    "%s, %s, %d".formatted(type(type), type(product.type()), product.blocks());
            named.add(new Named(product, kernel(macro, arguments)));
        }
        return named;
    }

    /** A name for a type: a macro takes no commas of templates. */
    private String type(String type) {
        return named(types, "Type", type, (name, of) -> "using %s = %s;".formatted(name, of));
    }

    private String kernel(String macro, String arguments) {
        return named(
                kernels,
                "kernel",
                macro + "(" + arguments,
                (name, of) -> "%s(%s, %s)".formatted(macro, name, arguments));
    }

    private String named(
            Map<String, String> names,
            String prefix,
            String key,
            BiFunction<String, String, String> definition) {
        String name = names.get(key);
        if (name == null) {
            name = prefix + names.size();
            names.put(key, name);
            text.append(definition.apply(name, key)).append('\n');
        }
        return name;
    }
}
