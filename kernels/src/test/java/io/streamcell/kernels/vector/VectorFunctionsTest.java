package io.streamcell.kernels.vector;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamcell.kernels.functions.Activations;
import io.streamcell.kernels.functions.FunctionVectors;
import io.streamcell.models.Activation;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class VectorFunctionsTest {
    private static final Map<String, Activation> FUNCTIONS =
            Map.of(
                    "tanh", Activation.TANH,
                    "sigmoid", Activation.SIGMOID,
                    "exp", Activation.EXPONENTIAL,
                    "expm1", Activation.ELU,
                    "softplus", Activation.SOFTPLUS,
                    "gelu", Activation.GELU);

    @Test
    void everyVectorOfEveryFunctionComesOutToTheBit() throws IOException {
        Map<String, List<FunctionVectors.Vector>> all = FunctionVectors.all();
        assertThat(all.keySet()).containsAll(FUNCTIONS.keySet());
        FUNCTIONS.forEach(
                (name, activation) -> {
                    List<FunctionVectors.Vector> vectors = all.get(name);
                    float[] values = new float[Lanes.padded(vectors.size())];
                    for (int k = 0; k < vectors.size(); k++) {
                        values[k] = Float.intBitsToFloat(vectors.get(k).input());
                    }
                    Pointwise.activate(activation, values, 0, 1, vectors.size());
                    for (int k = 0; k < vectors.size(); k++) {
                        int input = vectors.get(k).input();
                        assertThat(Float.floatToIntBits(values[k]))
                                .as("%s(%s)", name, Float.intBitsToFloat(input))
                                .isEqualTo(vectors.get(k).output());
                    }
                });
    }

    @Test
    void everyActivationGivesTheScalarBits() {
        Random random = new Random(1);
        for (Activation activation : Activation.values()) {
            for (int call = 0; call < 40; call++) {
                float[] values = new float[4096];
                for (int k = 0; k < values.length; k++) {
                    boolean near = random.nextBoolean();
                    values[k] =
                            near
                                    ? (float) random.nextGaussian() * 8
                                    : Float.intBitsToFloat(random.nextInt());
                }
                float[] expected = values.clone();
                Pointwise.activate(activation, values, 0, 1, values.length);
                Activations.apply(activation, expected, 0, expected.length);
                for (int k = 0; k < values.length; k++) {
                    assertThat(Float.floatToIntBits(values[k]))
                            .as(activation.keras())
                            .isEqualTo(Float.floatToIntBits(expected[k]));
                }
            }
        }
    }
}
