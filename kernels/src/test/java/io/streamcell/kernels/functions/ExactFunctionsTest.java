package io.streamcell.kernels.functions;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;

class ExactFunctionsTest {
    /** A float function; the widening to double and back loses nothing. */
    private static final Map<String, DoubleUnaryOperator> FUNCTIONS =
            Map.of(
                    "tanh", x -> ExactFunctions.tanh((float) x),
                    "sigmoid", x -> ExactFunctions.sigmoid((float) x),
                    "exp", x -> ExactFunctions.exp((float) x),
                    "expm1", x -> ExactFunctions.expm1((float) x),
                    "log", x -> ExactFunctions.log((float) x),
                    "softplus", x -> ExactFunctions.softplus((float) x),
                    "erf", x -> ExactFunctions.erf((float) x),
                    "gelu", x -> ExactFunctions.gelu((float) x));

    @Test
    void everyVectorOfEveryFunctionComesOutToTheBit() throws IOException {
        Map<String, List<FunctionVectors.Vector>> all = FunctionVectors.all();
        assertThat(all.keySet()).isEqualTo(FUNCTIONS.keySet());
        all.forEach(
                (name, vectors) -> {
                    for (FunctionVectors.Vector vector : vectors) {
                        float x = Float.intBitsToFloat(vector.input());
                        float y = (float) FUNCTIONS.get(name).applyAsDouble(x);
                        assertThat(Float.floatToIntBits(y))
                                .as("%s(%s)", name, x)
                                .isEqualTo(vector.output());
                    }
                });
    }
}
