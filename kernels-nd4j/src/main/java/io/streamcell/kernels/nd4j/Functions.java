package io.streamcell.kernels.nd4j;

import static org.nd4j.linalg.ops.transforms.Transforms.abs;
import static org.nd4j.linalg.ops.transforms.Transforms.exp;
import static org.nd4j.linalg.ops.transforms.Transforms.expm1;
import static org.nd4j.linalg.ops.transforms.Transforms.log;
import static org.nd4j.linalg.ops.transforms.Transforms.log1p;
import static org.nd4j.linalg.ops.transforms.Transforms.sigmoid;
import static org.nd4j.linalg.ops.transforms.Transforms.sqrt;
import static org.nd4j.linalg.ops.transforms.Transforms.tanh;

import io.streamcell.models.Activation;
import io.streamcell.models.ElementFunction;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.transforms.comparison.CompareAndReplace;
import org.nd4j.linalg.api.ops.impl.transforms.strict.Erf;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.BooleanIndexing;
import org.nd4j.linalg.indexing.conditions.Condition;
import org.nd4j.linalg.indexing.conditions.Conditions;

/**
 * Keras's activation functions, and those of composed cells, by their formulas in {@code
 * docs/activations.md}. None modifies x; linear gives it as it is.
 */
@SuppressWarnings("FloatingPointLiteralPrecision")
final class Functions {
    private static final float SELU_SCALE = 1.0507009873554805f;
    private static final float SELU_ALPHA = 1.6732632423543772f;
    private static final double ROOT_HALF = Math.sqrt(0.5);

    private Functions() {}

    /** A function over each row of {@code x}, {@code [rows, features]}. */
    static INDArray apply(Activation activation, INDArray x) {
        return switch (activation) {
            case LINEAR -> x;
            case RELU -> relu(x);
            case RELU6 -> clipped(x, 0, 6);
            case LEAKY_RELU -> replaced(x, Conditions.lessThan(0), x.mul(0.2f));
            case ELU, CELU -> elu(x, 1);
            case SELU -> elu(x, SELU_ALPHA).muli(SELU_SCALE);
            case GELU -> erf(x.mul(ROOT_HALF)).addi(1).muli(0.5f).muli(x);
            case SILU -> sigmoid(x, true).muli(x);
            case SIGMOID -> sigmoid(x, true);
            case HARD_SIGMOID -> hardSigmoid(x);
            case HARD_SILU -> hardSigmoid(x).muli(x);
            case HARD_TANH -> clipped(x, -1, 1);
            case TANH -> tanh(x, true);
            case SOFTPLUS -> softplus(x);
            case SOFTSIGN -> x.div(abs(x, true).addi(1));
            case EXPONENTIAL -> exp(x, true);
            case MISH -> tanh(softplus(x), false).muli(x);
            case LOG_SIGMOID -> softplus(x.neg()).negi();
            case SQUAREPLUS -> sqrt(x.mul(x).addi(4), false).addi(x).muli(0.5f);
            case SOFT_SHRINK -> x.sub(clipped(x, -0.5f, 0.5f));
            case HARD_SHRINK ->
                    replaced(x, Conditions.absLessThanOrEqual(0.5f), x.ulike().assign(0));
            case TANH_SHRINK -> x.sub(tanh(x, true));
            case SPARSE_PLUS -> sparsePlus(x);
            case SPARSE_SIGMOID -> clipped(x.add(1).muli(0.5f), 0, 1);
            case SOFTMAX -> softmax(x);
            case LOG_SOFTMAX -> logSoftmax(x);
            case SPARSEMAX -> sparsemax(x);
            case GLU -> glu(x);
        };
    }

    static INDArray apply(ElementFunction function, INDArray x) {
        float alpha = function.alpha();
        float beta = function.beta();
        return switch (function.kind()) {
            case ACTIVATION -> apply(function.activation(), x);
            case SCALE -> x.mul(alpha).addi(beta);
            case CLIP -> clipped(x, alpha, beta);
            case LEAKY -> replaced(x, Conditions.lessThan(0), x.mul(alpha));
            case ABOVE -> replaced(x, Conditions.lessThanOrEqual(alpha), x.ulike().assign(0));
            case ELU -> elu(x, alpha);
            case COMPLEMENT -> x.rsub(1);
        };
    }

    /** {@code other} where the condition holds for x, else x. */
    private static INDArray replaced(INDArray x, Condition condition, INDArray other) {
        return Nd4j.exec(new CompareAndReplace(x, other, x.ulike(), condition));
    }

    private static INDArray relu(INDArray x) {
        return replaced(x, Conditions.lessThan(0), x.ulike().assign(0));
    }

    private static INDArray clipped(INDArray x, float least, float greatest) {
        INDArray clipped = x.dup();
        BooleanIndexing.replaceWhere(clipped, least, Conditions.lessThan(least));
        BooleanIndexing.replaceWhere(clipped, greatest, Conditions.greaterThan(greatest));
        return clipped;
    }

    private static INDArray elu(INDArray x, float alpha) {
        return replaced(x, Conditions.lessThanOrEqual(0), expm1(x, true).muli(alpha));
    }

    private static INDArray erf(INDArray x) {
        return Nd4j.exec(new Erf(x, x.ulike()));
    }

    private static INDArray hardSigmoid(INDArray x) {
        return clipped(x.add(3), 0, 6).divi(6);
    }

    /** {@code max(x, 0) + log1p(exp(-|x|))}, which does not overflow. */
    private static INDArray softplus(INDArray x) {
        return log1p(exp(abs(x, true).negi(), false), false).addi(relu(x));
    }

    private static INDArray sparsePlus(INDArray x) {
        INDArray above = x.dup();
        BooleanIndexing.replaceWhere(above, -1, Conditions.lessThan(-1));
        INDArray root = above.add(1);
        return replaced(above, Conditions.lessThan(1), root.mul(root).muli(0.25f));
    }

    private static INDArray softmax(INDArray x) {
        INDArray exps = exp(x.subColumnVector(x.max(true, 1)), false);
        return exps.diviColumnVector(exps.sum(true, 1));
    }

    private static INDArray logSoftmax(INDArray x) {
        INDArray d = x.subColumnVector(x.max(true, 1));
        return d.subiColumnVector(log(exp(d, true).sum(true, 1), false));
    }

    /**
     * Martins and Astudillo 2016 (arXiv 1602.02068) in the form of Keras 3, whose threshold adds up
     * all partial sums of the support.
     */
    private static INDArray sparsemax(INDArray x) {
        if (x.columns() == 1) {
            // ND4J would sort the column.
            return relu(x.sub(x.sub(1)));
        }
        INDArray sorted = Nd4j.sort(x.dup('c'), 1, false);
        INDArray sums = sorted.cumsum(1);
        INDArray ranks = Nd4j.linspace(1, x.columns(), x.columns(), x.dataType());
        INDArray rest = sorted.sub(sums.sub(1).diviRowVector(ranks));
        INDArray support = rest.gt(0).castTo(x.dataType());
        INDArray threshold = sums.mul(support).sum(true, 1).subi(1).divi(support.sum(true, 1));
        return relu(x.subColumnVector(threshold));
    }

    private static INDArray glu(INDArray x) {
        int half = x.columns() / 2;
        return sigmoid(Rows.columns(x, half, 2 * half), true).muli(Rows.columns(x, 0, half));
    }
}
