package io.streamcell.models.onnx;

import io.streamcell.models.onnx.Value.Constant;
import io.streamcell.models.onnx.Value.Data;
import io.streamcell.models.onnx.Value.Sizes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Arithmetic on what is known when the model is read: constants, and shapes. */
final class Folding {
    static final Set<String> COMPARISONS =
            Set.of("Equal", "Less", "LessOrEqual", "Greater", "GreaterOrEqual", "And", "Or");

    private Folding() {}

    /** Whether it can be computed now. */
    static boolean known(Value value) {
        return !(value instanceof Data);
    }

    /** An operator of two values, element by element. */
    static Value folded(OnnxNode node, Value x, Value y) {
        Tensor left = Evaluation.constant(x);
        Tensor right = Evaluation.constant(y);
        boolean shapes = x instanceof Sizes || y instanceof Sizes;
        if (shapes && (left == null || right == null || left.whole() && right.whole())) {
            return sizes(node, x, y);
        }
        List<Axis> axes = broadcast(node, x.axes(), y.axes());
        List<Integer> dims = Axis.rows(axes);
        if (array(x) == null || array(y) == null) {
            throw node.refused("its inputs", "a shape and others", "both shapes or constants");
        }
        Tensor a = array(x).arranged(Arrangement.of(x.dims()).expand(dims));
        Tensor b = array(y).arranged(Arrangement.of(y.dims()).expand(dims));
        boolean truth = COMPARISONS.contains(node.type());
        if (a.whole() && b.whole() || truth) {
            long[] values = new long[a.count()];
            for (int k = 0; k < values.length; k++) {
                values[k] =
                        truth
                                ? compared(node, a.value(k), b.value(k)) ? 1 : 0
                                : whole(node, a.numbers()[k], b.numbers()[k]);
            }
            return new Constant(Tensor.of(dims, values), axes);
        }
        float[] values = new float[a.count()];
        for (int k = 0; k < values.length; k++) {
            values[k] = (float) real(node, a.value(k), b.value(k));
        }
        return new Constant(Tensor.of(dims, values), axes);
    }

    private static Tensor array(Value value) {
        return value instanceof Constant constant ? constant.array() : Evaluation.constant(value);
    }

    /** The axes of two values that are combined, the last ones beside each other. */
    static List<Axis> broadcast(OnnxNode node, List<Axis> x, List<Axis> y) {
        List<Axis> axes = new ArrayList<>();
        int rank = Math.max(x.size(), y.size());
        for (int k = 0; k < rank; k++) {
            Axis left = k < rank - x.size() ? Axis.ONE : x.get(k - rank + x.size());
            Axis right = k < rank - y.size() ? Axis.ONE : y.get(k - rank + y.size());
            boolean known = !left.open() && !right.open();
            if (known && !left.one() && !right.one() && !left.size().equals(right.size())) {
                throw node.refused("axis " + k, left + " and " + right, "the same for both");
            }
            axes.add(left.one() ? right : left);
        }
        return axes;
    }

    private static Sizes sizes(OnnxNode node, Value x, Value y) {
        List<Size> left = Evaluation.sizes(x);
        List<Size> right = Evaluation.sizes(y);
        if (left == null || right == null) {
            throw node.refused("its inputs", x.axes() + " and " + y.axes(), "shapes");
        }
        int count = Math.max(left.size(), right.size());
        List<Size> values = new ArrayList<>();
        for (int k = 0; k < count; k++) {
            Size a = left.get(left.size() == 1 ? 0 : k);
            Size b = right.get(right.size() == 1 ? 0 : k);
            values.add(size(node, a, b));
        }
        return new Sizes(values, x.dims().isEmpty() && y.dims().isEmpty());
    }

    private static Size size(OnnxNode node, Size a, Size b) {
        return switch (node.type()) {
            case "Add", "Sum" -> a.plus(b);
            case "Sub" -> a.plus(b.times(Size.of(-1)));
            case "Mul" -> a.times(b);
            case "Div" -> a.over(b);
            case "Equal" -> Size.of(equal(a, b) ? 1 : 0);
            default ->
                    Size.of(
                            COMPARISONS.contains(node.type())
                                    ? compared(node, (double) a.number(), (double) b.number())
                                            ? 1
                                            : 0
                                    : whole(node, a.number(), b.number()));
        };
    }

    /** A length is none of the numbers that stand for others (-1, 0), nor that of no axis (1). */
    private static boolean equal(Size a, Size b) {
        if (a.known() != b.known() && known(a, b) > 1) {
            throw new ArithmeticException(
                    "a length must not be compared with a number, got " + a + " and " + b);
        }
        return a.equals(b);
    }

    private static long known(Size a, Size b) {
        return a.known() ? a.factor() : b.factor();
    }

    private static boolean compared(OnnxNode node, double a, double b) {
        return switch (node.type()) {
            case "Equal" -> a == b;
            case "Less" -> a < b;
            case "LessOrEqual" -> a <= b;
            case "Greater" -> a > b;
            case "GreaterOrEqual" -> a >= b;
            case "And" -> a != 0 && b != 0;
            default -> a != 0 || b != 0;
        };
    }

    private static long whole(OnnxNode node, long a, long b) {
        return switch (node.type()) {
            case "Div" -> a / b;
            case "Mod" -> Math.floorMod(a, b);
            case "Add", "Sum" -> Math.addExact(a, b);
            case "Sub" -> Math.subtractExact(a, b);
            case "Mul" -> Math.multiplyExact(a, b);
            default -> (long) real(node, (double) a, (double) b);
        };
    }

    private static double real(OnnxNode node, double a, double b) {
        return switch (node.type()) {
            case "Add", "Sum" -> a + b;
            case "Sub" -> a - b;
            case "Mul" -> a * b;
            case "Div" -> a / b;
            case "Max" -> Math.max(a, b);
            case "Min" -> Math.min(a, b);
            case "Pow" -> Math.pow(a, b);
            default -> throw node.refused("its inputs", "constants", "computed");
        };
    }

    /** An operator of one value, element by element. */
    static Value folded(OnnxNode node, Value x) {
        if (x instanceof Sizes sizes && node.type().equals("Neg")) {
            return new Sizes(
                    sizes.elements().stream().map(size -> size.times(Size.of(-1))).toList(),
                    sizes.scalar());
        }
        Tensor array = array(x);
        if (array == null) {
            throw node.refused("its input", "a shape", "computed or a constant");
        }
        float[] values = new float[array.count()];
        for (int k = 0; k < values.length; k++) {
            values[k] = (float) real(node, array.value(k));
        }
        return new Constant(Tensor.of(array.dims(), values), x.axes());
    }

    private static double real(OnnxNode node, double a) {
        return switch (node.type()) {
            case "Neg" -> -a;
            case "Not" -> a == 0 ? 1 : 0;
            case "Abs" -> Math.abs(a);
            case "Sqrt" -> Math.sqrt(a);
            case "Reciprocal" -> 1 / a;
            case "Exp" -> Math.exp(a);
            case "Tanh" -> Math.tanh(a);
            case "Sigmoid" -> 1 / (1 + Math.exp(-a));
            case "Relu" -> Math.max(0, a);
            default -> throw node.refused("its input", "a constant", "computed");
        };
    }
}
