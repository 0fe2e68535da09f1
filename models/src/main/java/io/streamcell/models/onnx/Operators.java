package io.streamcell.models.onnx;

import io.streamcell.models.UnsupportedModelException;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** The operators that can be read, by name. */
final class Operators {
    private static final Map<String, Operator> ALL = new TreeMap<>();

    /** Those that give their inputs' values, so that a state is still one behind them. */
    private static final Set<String> MOVING =
            Set.of(
                    "Identity",
                    "Dropout",
                    "Cast",
                    "Transpose",
                    "Squeeze",
                    "Unsqueeze",
                    "Reshape",
                    "Flatten",
                    "Expand",
                    "Tile",
                    "Slice",
                    "Gather",
                    "Split",
                    "Concat",
                    "Shape",
                    "Size");

    static {
        RecurrentOperator.TYPES.forEach(type -> ALL.put(type, RecurrentOperator::read));
        layouts();
        shapes();
        ElementOperators.TYPES.forEach(type -> ALL.put(type, ElementOperators::read));
        for (String type : MergeOperators.TYPES.keySet()) {
            ALL.put(type, MergeOperators::read);
        }
        ALL.put("If", BranchOperator::read);
        ALL.put("Pow", MergeOperators::power);
        ALL.put("MatMul", MatrixOperators::matMul);
        ALL.put("Gemm", MatrixOperators::gemm);
        ALL.put("Softmax", NormOperators::softmax);
        ALL.put("LogSoftmax", NormOperators::softmax);
        ALL.put("BatchNormalization", NormOperators::batch);
        ALL.put("LayerNormalization", NormOperators::layer);
        ALL.put("RMSNormalization", NormOperators::rootMeanSquare);
        ALL.put("PRelu", NormOperators::prelu);
        PoolOperators.TYPES.keySet().forEach(type -> ALL.put(type, PoolOperators::read));
    }

    private Operators() {}

    private static void layouts() {
        ALL.put("Identity", LayoutOperators::same);
        ALL.put("Dropout", LayoutOperators::same);
        ALL.put("Transpose", LayoutOperators::transpose);
        ALL.put("Squeeze", LayoutOperators::squeeze);
        ALL.put("Unsqueeze", LayoutOperators::unsqueeze);
        ALL.put("Reshape", LayoutOperators::reshape);
        ALL.put("Flatten", LayoutOperators::flatten);
        ALL.put("Expand", LayoutOperators::expand);
        ALL.put("Tile", LayoutOperators::tile);
        ALL.put("Slice", SelectOperators::slice);
        ALL.put("Gather", SelectOperators::gather);
        ALL.put("Split", SelectOperators::split);
        ALL.put("Concat", JoinOperators::concat);
    }

    private static void shapes() {
        ALL.put("Shape", ShapeOperators::shape);
        ALL.put("Size", ShapeOperators::size);
        ALL.put("Constant", ShapeOperators::constant);
        ALL.put("ConstantOfShape", ShapeOperators::constantOfShape);
        ALL.put("Range", ShapeOperators::range);
        ALL.put("Cast", ShapeOperators::cast);
        ALL.put("Where", ShapeOperators::where);
        for (String type : Folding.COMPARISONS) {
            ALL.put(type, ShapeOperators::compared);
        }
        ALL.put("ReduceProd", ShapeOperators::product);
    }

    /** The operators that are read. */
    static Set<String> types() {
        return Collections.unmodifiableSet(ALL.keySet());
    }

    /**
     * @throws UnsupportedModelException if the operator is none of them
     */
    static Operator of(OnnxNode node) {
        Operator operator = ALL.get(node.type());
        if (operator == null) {
            throw new UnsupportedModelException(
                    "node %s: its operator must be one of %s; got %s"
                            .formatted(node.name(), String.join(", ", ALL.keySet()), node.type()));
        }
        return operator;
    }

    static boolean moves(OnnxNode node) {
        return MOVING.contains(node.type());
    }
}
