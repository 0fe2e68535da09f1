package io.streamcell.models.onnx;

import io.streamcell.models.Activate;
import io.streamcell.models.Activation;
import io.streamcell.models.ElementFunction;
import io.streamcell.models.ElementFunction.Kind;
import io.streamcell.models.Layer;
import io.streamcell.models.RowLayer;
import java.util.List;

/** Functions of every value by ONNX's definitions, as layers and within cells. */
final class ElementLayers {
    private ElementLayers() {}

    static ElementFunction of(Activation activation) {
        return ElementFunction.of(activation);
    }

    /** {@code fma(x, times, plus)}. */
    static ElementFunction scaled(float times, float plus) {
        return ElementFunction.of(Kind.SCALE, times, plus);
    }

    static ElementFunction clip(float least, float most) {
        return ElementFunction.of(Kind.CLIP, least, most);
    }

    /** {@code max(0, min(1, alpha*x + beta))}. */
    static List<ElementFunction> hardSigmoid(float alpha, float beta) {
        return List.of(scaled(alpha, beta), clip(0, 1));
    }

    static List<ElementFunction> elu(float alpha) {
        return List.of(alpha == 1 ? of(Activation.ELU) : ElementFunction.of(Kind.ELU, alpha, 0));
    }

    static List<ElementFunction> leaky(float alpha) {
        return List.of(ElementFunction.of(Kind.LEAKY, alpha, 0));
    }

    static List<ElementFunction> above(float alpha) {
        return List.of(ElementFunction.of(Kind.ABOVE, alpha, 0));
    }

    /** {@code alpha*tanh(beta*x)}. */
    static List<ElementFunction> scaledTanh(float alpha, float beta) {
        return List.of(scaled(beta, 0), of(Activation.TANH), scaled(alpha, 0));
    }

    static Layer scale(OnnxNode node, float times, float plus) {
        return layer(node, List.of(scaled(times, plus)));
    }

    static Layer layer(OnnxNode node, List<ElementFunction> functions) {
        if (functions.size() == 1 && functions.get(0).kind() == Kind.ACTIVATION) {
            return new Activate(node.name(), functions.get(0).activation());
        }
        return new RowLayer.Elementwise(node.name(), node.type(), functions);
    }
}
