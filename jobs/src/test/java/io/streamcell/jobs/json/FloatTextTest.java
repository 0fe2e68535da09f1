package io.streamcell.jobs.json;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FloatTextTest {
    private static final int CASES = 200_000;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0",
                "-0",
                "-0.0",
                "0.0000000000000000000000000000001",
                "1",
                "-1",
                "73.9",
                "1e999",
                "-1e999",
                "1e-999",
                "16777217",
                "16777219",
                "33554435",
                "9007199791611905",
                "123456789012345678901234567890123456789",
                "3.4028235e38",
                "3.4028236e38",
                "3.40282356779733661637e38",
                "1.4e-45",
                "7.0064923216240853e-46",
                "7.0064923216240854e-46",
                "1.17549435e-38",
                "0.000000000000000000000000000000000000011754942",
                "1.00000017881393432617187499",
                "1.000000178813934326171875",
                "1.00000017881393432617187501",
                "1.00000005960464477539",
                "8388608.5",
                "8388609.5"
            })
    void readsTheNearestFloat(String text) {
        assertSame(text, Float.parseFloat(text));
    }

    @Test
    void decimalsOfManyLengthsAreReadLikeTheJdkReadsThem() {
        Random random = new Random(1);
        for (int k = 0; k < CASES; k++) {
            String digits = Long.toString(random.nextLong() >>> random.nextInt(1, 63));
            int point = random.nextInt(digits.length());
            String text =
                    (random.nextBoolean() ? "-" : "")
                            + (point == 0 ? "0" : digits.substring(0, point))
                            + "."
                            + digits.substring(point);
            assertSame(text, Float.parseFloat(text));
        }
    }

    @Test
    void numbersBetweenTwoFloatsAreRoundedToEven() {
        Random random = new Random(2);
        for (int k = 0; k < CASES; k++) {
            float low = Float.intBitsToFloat(random.nextInt(0x3A000000, 0x4B000000));
            BigDecimal middle =
                    new BigDecimal(low)
                            .add(new BigDecimal(Math.nextUp(low)))
                            .divide(BigDecimal.valueOf(2));
            String text = middle.toPlainString();
            assertSame(text, Float.parseFloat(text));
            int cut = random.nextInt(3, text.length());
            String near = text.substring(0, text.charAt(cut - 1) == '.' ? cut - 1 : cut);
            assertSame(near, Float.parseFloat(near));
        }
    }

    private static void assertSame(String text, float expected) {
        String padded = "[" + text + ",";
        float found = FloatText.parse(padded.toCharArray(), 1, text.length());
        assertThat(Float.floatToRawIntBits(found))
                .as(text)
                .isEqualTo(Float.floatToRawIntBits(expected));
    }
}
