package io.streamcell.jobs.json;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamWriteFeature;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Jackson writes the same. */
class JsonBytesTest {
    private static final JsonFactory JACKSON =
            JsonFactory.builder().enable(StreamWriteFeature.USE_FAST_DOUBLE_WRITER).build();
    private static final int CASES = 300_000;

    private final JsonBytes json = new JsonBytes();

    @ParameterizedTest
    @ValueSource(strings = {"m-17", "", "größe", "a\"b\\c/d", "\u0000\u001f\n\t\r\b\f\u007f", "😀"})
    void textsAreQuoted(String text) throws IOException {
        assertThat(written(json.clear().text(text)))
                .isEqualTo(jackson(generator -> generator.writeString(text)));
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 9, 10, -1, 1385990100000L, Long.MAX_VALUE, Long.MIN_VALUE})
    void wholeNumbersAreWritten(long value) {
        assertThat(written(json.clear().number(value))).isEqualTo(String.valueOf(value));
    }

    @Test
    void floatsOfAllKindsAreWritten() throws IOException {
        Random random = new Random(1);
        for (int k = 0; k < CASES; k++) {
            same(Float.intBitsToFloat(random.nextInt()));
            same((float) random.nextGaussian());
            same(random.nextInt(100_000) / 1000f);
        }
    }

    @Test
    void powersAndTheirNeighboursAreWritten() throws IOException {
        for (int exponent = Float.MIN_EXPONENT - 23; exponent <= Float.MAX_EXPONENT; exponent++) {
            float power = Math.scalb(1f, exponent);
            same(power);
            same(Math.nextUp(power));
            same(Math.nextDown(power));
            same(-power);
        }
        for (int exponent = -45; exponent <= 38; exponent++) {
            same(Float.parseFloat("1e" + exponent));
            same(Float.parseFloat("9.9999999e" + exponent));
        }
        for (int bits = 0; bits < 1000; bits++) {
            same(Float.intBitsToFloat(bits));
            same(Float.intBitsToFloat(Float.floatToIntBits(Float.MAX_VALUE) - bits));
        }
        same(-0f);
        same(Float.NaN);
        same(Float.NEGATIVE_INFINITY);
    }

    private void same(float value) throws IOException {
        String expected = jackson(generator -> generator.writeNumber(value));
        if (!written(json.clear().number(value)).equals(expected)) {
            assertThat(written(json)).isEqualTo(expected);
        }
    }

    private static String written(JsonBytes json) {
        return new String(json.copy(), StandardCharsets.UTF_8);
    }

    private interface Writing {
        void write(JsonGenerator generator) throws IOException;
    }

    private static String jackson(Writing writing) throws IOException {
        StringWriter text = new StringWriter();
        try (JsonGenerator generator = JACKSON.createGenerator(text)) {
            writing.write(generator);
        }
        return text.toString();
    }
}
