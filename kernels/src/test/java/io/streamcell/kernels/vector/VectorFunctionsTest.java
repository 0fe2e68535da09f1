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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class VectorFunctionsTest {
    private static final Map<String, Activation> JUDGED =
            Map.of(
                    "tanh", Activation.TANH,
                    "sigmoid", Activation.SIGMOID,
                    "exp", Activation.EXPONENTIAL,
                    "softplus", Activation.SOFTPLUS,
                    "gelu", Activation.GELU);

    @Test
    void everyVectorComesOutToTheBit() throws IOException {
        Map<String, List<FunctionVectors.Vector>> all = FunctionVectors.all();
        JUDGED.forEach(
                (name, activation) -> {
                    List<FunctionVectors.Vector> vectors = all.get(name);
                    float[] values = new float[vectors.size()];
                    for (int k = 0; k < values.length; k++) {
                        values[k] = Float.intBitsToFloat(vectors.get(k).input());
                    }
                    VectorFunctions.apply(activation, values, 0, values.length);
                    for (int k = 0; k < values.length; k++) {
                        assertThat(Float.floatToIntBits(values[k]))
                                .as("%s of vector %d", name, k)
                                .isEqualTo(vectors.get(k).output());
                    }
                });
    }

    @ParameterizedTest
    @EnumSource(Activation.class)
    void anyBitsGiveWhatTheScalarFunctionGives(Activation activation) {
        Random random = new Random(1);
        for (int count : new int[] {2, 6, 16, 34, 258, 5000}) {
            float[] values = new float[count + 3];
            for (int k = 0; k < values.length; k++) {
                values[k] =
                        k % 2 == 0
                                ? Float.intBitsToFloat(random.nextInt())
                                : (float) random.nextGaussian() * 20;
            }
            float[] expected = values.clone();
            Activations.apply(activation, expected, 1, count);

            VectorFunctions.apply(activation, values, 1, count);

            for (int k = 0; k < values.length; k++) {
                assertThat(Float.floatToIntBits(values[k]))
                        .as("%s of value %d", activation, k)
                        .isEqualTo(Float.floatToIntBits(expected[k]));
            }
        }
    }
}
