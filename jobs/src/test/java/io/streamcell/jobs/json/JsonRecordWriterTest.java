package io.streamcell.jobs.json;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamcell.operators.ExportedState;
import io.streamcell.operators.LayerState;
import io.streamcell.operators.Origin;
import io.streamcell.operators.OutputRecord;
import io.streamcell.operators.OutputValues;
import io.streamcell.operators.Reason;
import io.streamcell.operators.Rejected;
import io.streamcell.operators.Score;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class JsonRecordWriterTest {
    private final JsonRecordWriter writer = new JsonRecordWriter();

    @Test
    void aScoreOfOneOutputIsAList() {
        OutputValues output = new OutputValues(null, of(0.5f, 1, 2, -0f), 2, true, List.of(2));

        assertThat(text(score(1200, new long[] {1385990100000L}, List.of(output), 0)))
                .isEqualTo(
                        "{\"stream\":\"m-17\",\"start\":1200,\"time\":1385990100000,\"outputs\":[[0.5,1.0],[2.0,-0.0]],\"model\":\"m.exact1\"}");
    }

    @Test
    void severalOutputsStandByNameWithFlagsAndTheLastTime() {
        List<OutputValues> outputs =
                List.of(
                        new OutputValues("mean", of(1, 2), 2, true, List.of(1)),
                        new OutputValues("h", of(3, 4), 1, false, List.of(2)));

        assertThat(text(score(0, new long[] {5, 6}, outputs, 1 | 2)))
                .isEqualTo(
                        "{\"stream\":\"m-17\",\"start\":0,\"time\":6,\"outputs\":{\"mean\":[[1.0],[2.0]],\"h\":[[3.0,4.0]]},\"model\":\"m.exact1\",\"flags\":[\"gap\",\"reset\"]}");
    }

    @Test
    void whatIsNotFiniteIsAText() {
        float[] values = of(Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY);
        OutputValues output = new OutputValues(null, values, 1, true, List.of(3));

        assertThat(text(score(0, new long[0], List.of(output), 0)))
                .contains("[[\"NaN\",\"Infinity\",\"-Infinity\"]]");
    }

    @Test
    void aStateIsWrittenLayerByLayer() {
        LayerState layer = new LayerState("lstm", List.of(of(1), of(2)));

        assertThat(text(new ExportedState("m-17", 1547, "m.exact1", List.of(layer), List.of())))
                .isEqualTo(
                        "{\"stream\":\"m-17\",\"event\":\"state\",\"next\":1547,\"model\":\"m.exact1\",\"state\":{\"lstm\":[[1.0],[2.0]]}}");
    }

    @Test
    void aRejectedRecordHasItsReasonOriginAndBytes() {
        Rejected rejected =
                new Rejected(
                        Reason.FEATURE_COUNT,
                        "too few",
                        new Origin("in", 0, 42),
                        "m-17",
                        new byte[] {1, 2, 3},
                        true);

        assertThat(new String(writer.write(rejected), StandardCharsets.UTF_8))
                .isEqualTo(
                        "{\"reason\":\"feature-count\",\"message\":\"too few\",\"origin\":{\"topic\":\"in\",\"partition\":0,\"offset\":42},\"stream\":\"m-17\",\"bytes\":\"AQID\",\"cut\":true}");
    }

    @Test
    void everyFiniteFloatReadsBackToTheSameBitsAndIsShort() {
        Random random = new Random(1);
        float[] values = new float[100_000];
        for (int k = 0; k < values.length; k++) {
            float value = Float.intBitsToFloat(random.nextInt());
            values[k] = Float.isFinite(value) ? value : k;
        }
        String json =
                text(
                        score(
                                0,
                                new long[0],
                                List.of(
                                        new OutputValues(
                                                null, values, values.length, true, List.of())),
                                0));
        String[] numbers = json.substring(json.indexOf('[') + 1, json.indexOf(']')).split(",");

        assertThat(numbers).hasSize(values.length);
        for (int k = 0; k < values.length; k++) {
            assertThat(Float.floatToIntBits(Float.parseFloat(numbers[k])))
                    .isEqualTo(Float.floatToIntBits(values[k]));
            assertThat(numbers[k].length()).isLessThanOrEqualTo(15);
        }
        // Float.toString of Java 17 writes 2.0E-3 as 0.0020 and 1.0E23 as 9.999999E22: not the
        // shortest.
        assertThat(text(score(0, new long[0], List.of(one(2.0E-3f)), 0))).contains("[0.002]");
        assertThat(text(score(0, new long[0], List.of(one(1.0E23f)), 0))).contains("[1.0E23]");
    }

    @Test
    void aLargeScoreIsCutByTimesteps() {
        OutputValues output = new OutputValues(null, of(1, 2, 3, 4, 5, 6), 3, true, List.of(2));
        List<Score> pieces =
                new ArrayList<>(List.of(score(7, new long[] {1, 2, 3}, List.of(output), 1)));
        for (int k = 0; k < pieces.size(); k++) {
            while (ScorePieces.canCut(pieces.get(k))) {
                pieces.addAll(k, ScorePieces.halves(pieces.remove(k)));
            }
        }

        assertThat(pieces).extracting(Score::start).containsExactly(7L, 8L, 9L);
        assertThat(pieces).extracting(Score::lastTime).containsExactly(1L, 2L, 3L);
        assertThat(pieces).extracting(Score::flags).containsExactly(1, 0, 0);
        assertThat(pieces.get(2).outputs().get(0).values()).containsExactly(5, 6);
    }

    private static OutputValues one(float value) {
        return new OutputValues(null, of(value), 1, true, List.of());
    }

    private static Score score(long start, long[] times, List<OutputValues> outputs, int flags) {
        return new Score("m-17", start, times, outputs, "m.exact1", flags, List.of());
    }

    private String text(OutputRecord record) {
        return new String(writer.write(record), StandardCharsets.UTF_8);
    }

    private static float[] of(float... values) {
        return values;
    }
}
