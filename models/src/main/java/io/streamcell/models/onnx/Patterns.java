package io.streamcell.models.onnx;

import io.streamcell.models.onnx.schema.Onnx.AttributeProto;
import io.streamcell.models.onnx.schema.Onnx.AttributeProto.AttributeType;
import io.streamcell.models.onnx.schema.Onnx.NodeProto;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Finds what exporters write as several nodes where the operator set has no operator of its own, or
 * had none: gelu, layer and root mean square normalization, and ids that may count from the end of
 * a table. The last node of each becomes one operator; the others are then read by nobody.
 */
final class Patterns {
    /** An attribute that says that one axis is normalized, which then must be the last. */
    static final String ALONE = "streamcell_alone";

    private static final int MOST_FACTORS = 3;

    private static final float HALF_ROOT = 0.7071068f;

    /** From here on softplus(x) is x in float32. */
    private static final double LINEAR_FROM = 17;

    private final Map<String, NodeProto> makers = new HashMap<>();

    private final Function<String, Tensor> constants;

    /**
     * @param constants gives the array of a name, null if it is no constant
     */
    private Patterns(List<NodeProto> nodes, Function<String, Tensor> constants) {
        nodes.forEach(node -> node.getOutputList().forEach(name -> makers.put(name, node)));
        this.constants = constants;
    }

    static List<NodeProto> found(List<NodeProto> nodes, Function<String, Tensor> constants) {
        Patterns patterns = new Patterns(nodes, constants);
        return nodes.stream().map(patterns::replaced).toList();
    }

    private NodeProto replaced(NodeProto node) {
        NodeProto found =
                switch (node.getOpType()) {
                    case "Mul" -> product(node);
                    case "Div" -> node.getInputCount() == 2 ? quotient(node) : null;
                    case "Add" -> node.getInputCount() == 2 ? shifted(node) : null;
                    case "Gather" -> ids(node);
                    case "Where" -> softplus(node);
                    default -> null;
                };
        return found == null ? node : found;
    }

    private static NodeProto changed(NodeProto node, String type, List<String> inputs) {
        return NodeProto.newBuilder()
                .setOpType(type)
                .setName(node.getName())
                .addAllInput(inputs)
                .addAllOutput(node.getOutputList())
                .build();
    }

    private static NodeProto normalized(
            NodeProto node, String type, Spread spread, List<String> inputs) {
        AttributeProto.Builder attribute = AttributeProto.newBuilder();
        NodeProto.Builder changed = changed(node, type, inputs).toBuilder();
        attribute.setName("epsilon").setType(AttributeType.FLOAT).setF(spread.epsilon());
        changed.addAttribute(attribute);
        attribute.clear().setName("axis").setType(AttributeType.INT);
        changed.addAttribute(attribute.setI(spread.mean().axis()));
        if (spread.mean().alone()) {
            attribute.clear().setName(ALONE).setType(AttributeType.INT).setI(1);
            changed.addAttribute(attribute);
        }
        return changed.build();
    }

    /** Gelu, {@code 0.5*x*(1 + erf(x/sqrt(2)))} in any order; or {@code x * (1/rms)}. */
    private NodeProto product(NodeProto node) {
        List<String> factors = new ArrayList<>();
        flatten(node, factors, 0);
        if (factors.size() == MOST_FACTORS) {
            List<String> left = new ArrayList<>(factors);
            left.removeIf(factor -> is(factor, 0.5f));
            for (int k = 0; k < 2 && left.size() == 2; k++) {
                if (isErf(left.get(1 - k), left.get(k))) {
                    return changed(node, "Gelu", List.of(left.get(k)));
                }
            }
        }
        for (int k = 0; k < 2 && node.getInputCount() == 2; k++) {
            NodeProto inverse = maker(input(node, 1 - k), "Reciprocal");
            if (inverse != null) {
                return quotient(node, input(node, k), input(inverse, 0));
            }
        }
        return null;
    }

    private void flatten(NodeProto node, List<String> factors, int depth) {
        for (String input : node.getInputList()) {
            NodeProto inner = maker(input, "Mul");
            if (inner == null || depth == MOST_FACTORS) {
                factors.add(input);
            } else {
                flatten(inner, factors, depth + 1);
            }
        }
    }

    private boolean isErf(String sum, String x) {
        NodeProto add = maker(sum, "Add");
        String erf = add == null ? null : other(add, name -> is(name, 1));
        NodeProto function = erf == null ? null : maker(erf, "Erf");
        if (function == null) {
            return false;
        }
        NodeProto divided = maker(input(function, 0), "Div");
        NodeProto scaled = maker(input(function, 0), "Mul");
        return divided != null
                        && input(divided, 0).equals(x)
                        && is(input(divided, 1), 1 / HALF_ROOT)
                || scaled != null && x.equals(other(scaled, name -> is(name, HALF_ROOT)));
    }

    private NodeProto quotient(NodeProto node) {
        return quotient(node, input(node, 0), input(node, 1));
    }

    /** {@code d / sqrt(mean(d*d) + eps)}, where d may be {@code x - mean(x)}. */
    private NodeProto quotient(NodeProto node, String d, String root) {
        Spread spread = spread(root);
        if (spread == null || !spread.of().equals(d)) {
            return null;
        }
        String x = centered(d, spread.mean());
        return x == null
                ? normalized(node, "RMSNormalization", spread, List.of(d))
                : normalized(node, "LayerNormalization", spread, List.of(x));
    }

    /**
     * A mean of some axes.
     *
     * @param alone whether it is over that axis alone, else over all from there on
     */
    private record Mean(String of, int axis, boolean alone) {
        boolean over(Mean other) {
            return other != null && axis == other.axis && alone == other.alone;
        }
    }

    /** {@code sqrt(mean(of*of) + epsilon)}. */
    private record Spread(String of, Mean mean, float epsilon) {}

    private Spread spread(String root) {
        NodeProto sqrt = maker(root, "Sqrt");
        NodeProto add = sqrt == null ? null : maker(input(sqrt, 0), "Add");
        String sum = add == null ? null : other(add, this::single);
        Mean mean = sum == null ? null : mean(sum);
        NodeProto squares = mean == null ? null : maker(mean.of(), "Pow", "Mul");
        if (squares == null || squares.getInputCount() != 2) {
            return null;
        }
        boolean square =
                squares.getOpType().equals("Pow")
                        ? is(input(squares, 1), 2)
                        : input(squares, 0).equals(input(squares, 1));
        String epsilon = add.getInput(input(add, 0).equals(sum) ? 1 : 0);
        return square
                ? new Spread(input(squares, 0), mean, (float) constants.apply(epsilon).value(0))
                : null;
    }

    /** The mean that a tensor is, or null. */
    private Mean mean(String name) {
        NodeProto mean = maker(name, "ReduceMean", "GlobalAveragePool");
        if (mean == null) {
            return null;
        }
        OnnxNode node = new OnnxNode(mean, 0);
        if (mean.getOpType().startsWith("Global")) {
            return new Mean(input(mean, 0), 2, false);
        }
        Tensor given = mean.getInputCount() > 1 ? constants.apply(input(mean, 1)) : null;
        List<Long> axes =
                given == null || !given.whole()
                        ? node.integers("axes")
                        : Arrays.stream(given.numbers()).boxed().toList();
        return axes.size() == 1 && node.integer("keepdims", 1) == 1
                ? new Mean(input(mean, 0), Math.toIntExact(axes.get(0)), true)
                : null;
    }

    /** The x of {@code x - mean(x)}, or null. */
    private String centered(String d, Mean spread) {
        NodeProto sub = maker(d, "Sub");
        Mean mean = sub == null ? null : mean(input(sub, 1));
        return mean != null && mean.of().equals(input(sub, 0)) && mean.over(spread)
                ? input(sub, 0)
                : null;
    }

    /** Keras's {@code x*m + (beta - mean*m)} with {@code m = gamma / sqrt(variance + eps)}. */
    private NodeProto shifted(NodeProto node) {
        for (int k = 0; k < 2; k++) {
            NodeProto scaled = maker(input(node, k), "Mul");
            NodeProto shift = maker(input(node, 1 - k), "Add");
            String moved = shift == null ? null : other(shift, this::known);
            NodeProto mean = moved == null ? null : maker(moved, "Mul");
            for (int side = 0; side < 2 && scaled != null && mean != null; side++) {
                String x = input(scaled, side);
                String beta = shift.getInput(input(shift, 0).equals(moved) ? 1 : 0);
                NodeProto found = shifted(node, x, input(scaled, 1 - side), mean, beta);
                if (found != null) {
                    return found;
                }
            }
        }
        return null;
    }

    private NodeProto shifted(NodeProto node, String x, String m, NodeProto mean, String beta) {
        String negative = other(mean, m::equals);
        NodeProto neg = negative == null ? null : maker(negative, "Neg");
        NodeProto scale = maker(m, "Mul");
        String root = scale == null ? null : other(scale, this::known);
        NodeProto inverse = root == null ? null : maker(root, "Reciprocal");
        Spread spread = inverse == null ? null : spread(input(inverse, 0));
        boolean found =
                neg != null
                        && spread != null
                        && mean(input(neg, 0)) != null
                        && x.equals(mean(input(neg, 0)).of())
                        && x.equals(centered(spread.of(), spread.mean()));
        if (!found) {
            return null;
        }
        String gamma = scale.getInput(input(scale, 0).equals(root) ? 1 : 0);
        return normalized(node, "LayerNormalization", spread, List.of(x, gamma, beta));
    }

    /** torch's softplus, which gives x itself above a threshold where the function does so, too. */
    private NodeProto softplus(NodeProto node) {
        NodeProto softplus = maker(input(node, 2), "Softplus");
        NodeProto greater = maker(input(node, 0), "Greater");
        boolean same =
                softplus != null
                        && greater != null
                        && input(softplus, 0).equals(input(node, 1))
                        && input(greater, 0).equals(input(node, 1));
        Tensor threshold = same ? constants.apply(stripped(input(greater, 1))) : null;
        return threshold != null && threshold.count() == 1 && threshold.value(0) >= LINEAR_FROM
                ? changed(node, "Softplus", List.of(input(node, 1)))
                : null;
    }

    /** A Gather by ids of which negative ones count from the end; a stream's are not negative. */
    private NodeProto ids(NodeProto node) {
        String x = node.getInputCount() < 2 ? null : fromEnd(input(node, 1));
        return x == null ? null : node.toBuilder().setInput(1, x).build();
    }

    private String fromEnd(String ids) {
        NodeProto where = maker(stripped(ids), "Where");
        if (where != null
                && negative(input(where, 0), input(where, 2))
                && input(where, 2).equals(plusKnown(input(where, 1)))) {
            return input(where, 2);
        }
        NodeProto sum = maker(stripped(ids), "Add");
        NodeProto left = sum == null ? null : maker(input(sum, 0), "Mul");
        NodeProto right = sum == null ? null : maker(input(sum, 1), "Mul");
        if (left == null || right == null) {
            return null;
        }
        String x = fromEnd(left, right);
        return x == null ? fromEnd(right, left) : x;
    }

    private String fromEnd(NodeProto kept, NodeProto moved) {
        for (int k = 0; k < 2; k++) {
            String x = input(kept, k);
            NodeProto not = maker(stripped(input(kept, 1 - k)), "Not");
            if (not != null
                    && negative(input(not, 0), x)
                    && x.equals(plusKnown(other(moved, name -> negative(name, x))))) {
                return x;
            }
        }
        return null;
    }

    /** What a constant is added to, or null. */
    private String plusKnown(String sum) {
        NodeProto add = maker(sum, "Add");
        return add == null ? null : other(add, this::known);
    }

    /** Whether a tensor says which values of x are below 0. */
    private boolean negative(String name, String x) {
        NodeProto less = maker(stripped(name), "Less");
        return less != null
                && stripped(input(less, 0)).equals(stripped(x))
                && is(input(less, 1), 0);
    }

    private String stripped(String name) {
        String source = name;
        NodeProto node = maker(name, "Cast", "Identity");
        while (node != null) {
            source = input(node, 0);
            node = maker(source, "Cast", "Identity");
        }
        return source;
    }

    /** The name of an input, empty where there is none. */
    private static String input(NodeProto node, int k) {
        return new OnnxNode(node, 0).input(k);
    }

    private NodeProto maker(String name, String... types) {
        NodeProto node = name == null ? null : makers.get(name);
        return node != null && Set.of(types).contains(node.getOpType()) ? node : null;
    }

    /** The input of two that is not the one that is tested for, or null. */
    private static String other(NodeProto node, Predicate<String> test) {
        if (node.getInputCount() != 2) {
            return null;
        }
        return test.test(input(node, 0))
                ? input(node, 1)
                : test.test(input(node, 1)) ? input(node, 0) : null;
    }

    private boolean known(String name) {
        return constants.apply(name) != null;
    }

    private boolean single(String name) {
        return known(name) && constants.apply(name).count() == 1;
    }

    private boolean is(String name, float value) {
        return single(name) && Math.abs(constants.apply(name).value(0) - value) < 1e-6;
    }
}
