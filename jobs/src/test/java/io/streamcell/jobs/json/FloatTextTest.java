package io.streamcell.jobs.json;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FloatTextTest {
    private static final int CASES = 200_000;

    private final FloatText number = new FloatText();

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

    /** As a language prints it that has no float32. */
    @Test
    void floatsPrintedAsDoublesAreReadBack() {
        Random random = new Random(3);
        for (int k = 0; k < CASES; k++) {
            double value = Float.intBitsToFloat(random.nextInt(0x20000000, 0x60000000));
            assertSame(Double.toString(value), (float) value);
            assertSame(String.valueOf(random.nextGaussian() * 100));
        }
    }

    @Test
    void exponentsOfAllSizesAreRead() {
        Random random = new Random(4);
        for (int k = 0; k < CASES; k++) {
            String digits = Long.toString(random.nextLong() >>> random.nextInt(1, 63));
            assertSame("%s.%se%d".formatted(digits, digits, random.nextInt(-70, 40)));
        }
        assertSame("0." + "0".repeat(100_000) + "1e200000");
        assertSame("0e999999999999");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-", "+1", ".5", "01", "-00", "1.", "1.e5", "1e", "1e+", "NaN"})
    void whatIsNoJsonNumberIsNotRead(String text) {
        number.read(text.getBytes(StandardCharsets.US_ASCII), 0);

        assertThat(number.end()).isEqualTo(FloatText.NONE);
    }

    private void assertSame(String text) {
        assertSame(text, Float.parseFloat(text));
    }

    private void assertSame(String text, float expected) {
        byte[] padded = ("[" + text + ",").getBytes(StandardCharsets.US_ASCII);
        float found = number.read(padded, 1);
        assertThat(number.end()).as(text).isEqualTo(text.length() + 1);
        assertThat(Float.floatToRawIntBits(found))
                .as(text)
                .isEqualTo(Float.floatToRawIntBits(expected));
    }
}
