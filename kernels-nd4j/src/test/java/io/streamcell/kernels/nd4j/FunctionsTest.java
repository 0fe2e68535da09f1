package io.streamcell.kernels.nd4j;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamcell.kernels.functions.Activations;
import io.streamcell.kernels.functions.ElementFunctions;
import io.streamcell.models.Activation;
import io.streamcell.models.ElementFunction;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;

class FunctionsTest {
    // 2 rows of 14, with the places where functions change their formula
    private static final float[] VALUES = {
        -100, -20, -6, -3, -1, -0.6f, -0.5f, -0.3f, -0f, 0, 0.25f, 0.5f, 0.51f, 1, //
        1.5f, 2, 2.9f, 3, 3.1f, 6, 6.5f, 20, 80, 0.1f, -0.1f, -4, -2.5f, -1.5f
    };

    @BeforeEach
    void assume() {
        Nd4jHere.assume();
    }

    @Test
    void activationsGiveTheValuesOfTheReference() {
        for (Activation activation : Activation.values()) {
            float[] expected = VALUES.clone();
            int width = activation == Activation.GLU ? 7 : 14;
            for (int row = 0; row < 2; row++) {
                Activations.apply(activation, expected, row * 14, 14);
            }
            INDArray x = Rows.array(VALUES, 14);
            float[] actual = Rows.values(Functions.apply(activation, x));
            for (int row = 0; row < 2; row++) {
                check(
                        bits(actual, row * width, width),
                        bits(expected, row * 14, width),
                        activation.keras());
            }
            assertThat(Rows.values(x)).as("modified by %s", activation).isEqualTo(VALUES);
        }
    }

    @Test
    void functionsOfComposedCellsGiveTheValuesOfTheReference() {
        for (ElementFunction.Kind kind : ElementFunction.Kind.values()) {
            ElementFunction function = ElementFunction.of(kind, 0.3f, 0.9f);
            float[] expected = VALUES.clone();
            ElementFunctions.apply(function, expected, 0, expected.length);
            float[] actual = Rows.values(Functions.apply(function, Rows.array(VALUES, 14)));
            check(bits(actual, 0, 28), bits(expected, 0, 28), kind.name());
        }
    }

    @Test
    void nanStaysNan() {
        float[] values = new float[4];
        Arrays.fill(values, Float.NaN);
        for (Activation activation : Activation.values()) {
            assertThat(Rows.values(Functions.apply(activation, Rows.array(values, 4))))
                    .as(activation.keras())
                    .containsOnly(Float.NaN);
        }
    }

    private static void check(int[] actual, int[] expected, String function) {
        assertThat(Agreement.farthest(actual, expected))
                .as(function)
                .isLessThanOrEqualTo(Agreement.MOST);
    }

    private static int[] bits(float[] values, int from, int count) {
        int[] bits = new int[count];
        Arrays.setAll(bits, k -> Float.floatToRawIntBits(values[from + k]));
        return bits;
    }
}
