package io.streamcell.jobs.formats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.streamcell.jobs.avro.AvroRecords;
import io.streamcell.jobs.avro.AvroScoreReader;
import io.streamcell.jobs.float32.Float32Records;
import io.streamcell.jobs.float32.Float32ScoreReader;
import io.streamcell.jobs.formats.ScoreReader.Wanted;
import io.streamcell.jobs.json.JsonRecords;
import io.streamcell.jobs.json.JsonScoreReader;
import io.streamcell.operators.ExportedState;
import io.streamcell.operators.LayerState;
import io.streamcell.operators.OutputRecord;
import io.streamcell.operators.OutputValues;
import io.streamcell.operators.Score;
import io.streamcell.state.StreamState;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What was written is read back, in every format: every bit, and nothing of a state. */
class ScoreReadersTest {
    private static final String LABEL = "3f9c2a5e7b1d0c44.exact1";
    private static final OutputTimes TIMES =
            new OutputTimes(Map.of(0x3f9c2a5e7b1d0c44L, List.of("state")), List.of());

    /** A format with both of its ends. */
    enum Format {
        JSON(new JsonRecords()),
        FLOAT32(new Float32Records()),
        AVRO(AvroRecords.of(null, "out", "out"));

        private final RecordWriter writer;

        Format(RecordWriter writer) {
            this.writer = writer;
        }

        ScoreReader reader(Wanted wanted) {
            return switch (this) {
                case JSON -> new JsonScoreReader(TIMES, wanted);
                case FLOAT32 -> new Float32ScoreReader(TIMES, wanted);
                case AVRO -> AvroScoreReader.of(TIMES, wanted, null, "out", "out");
            };
        }

        List<Score> back(OutputRecord record, Wanted wanted) throws IOException {
            List<Score> scores = new ArrayList<>();
            byte[] key = record.stream().getBytes(StandardCharsets.UTF_8);
            for (RecordWriter.Payload payload : writer.write(record)) {
                scores.add(reader(wanted).read(key, payload.value(), payload.headers()));
            }
            return scores;
        }
    }

    private static Score score() {
        float[] values = {0.1f, -0.0f, Float.MIN_VALUE, Float.NaN, Float.NEGATIVE_INFINITY, 3e38f};
        return new Score(
                "strom-ä\"\\\n",
                1L << 40,
                new long[] {-5, 1_700_000_000_000L, 7},
                List.of(
                        new OutputValues("all", values, 3, true, List.of(2)),
                        new OutputValues("state", new float[] {1, 2}, 1, false, List.of(2))),
                LABEL,
                StreamState.RESET_ALL | StreamState.GAP,
                List.of());
    }

    private static void assertSame(Score found, OutputValues output, Score score) {
        assertThat(found.stream()).isEqualTo(score.stream());
        assertThat(found.start()).isEqualTo(score.start());
        assertThat(found.times()).isEqualTo(score.times());
        assertThat(found.model()).isEqualTo(LABEL);
        assertThat(found.flags()).isEqualTo(score.flags());
        OutputValues read =
                found.outputs().stream()
                        .filter(each -> each.name().equals(output.name()))
                        .findFirst()
                        .orElseThrow();
        assertThat(read.rows()).isEqualTo(output.rows());
        assertThat(read.perTimestep()).isEqualTo(output.perTimestep());
        assertThat(read.values()).isEqualTo(output.values());
    }

    @ParameterizedTest
    @EnumSource
    void aScoreIsReadBackToEveryBit(Format format) throws IOException {
        Score score = score();

        List<Score> back = format.back(score, Wanted.EVERYTHING);

        for (OutputValues output : score.outputs()) {
            Score holds =
                    back.stream()
                            .filter(
                                    each ->
                                            each.outputs().stream()
                                                    .anyMatch(o -> o.name().equals(output.name())))
                            .findFirst()
                            .orElseThrow();
            assertSame(holds, output, score);
        }
    }

    @ParameterizedTest
    @EnumSource
    void itsRowsAreCountedWithoutTheirValues(Format format) throws IOException {
        Score first = format.back(score(), Wanted.WITHOUT_VALUES).get(0);

        assertThat(first.outputs().get(0).rows()).isEqualTo(3);
        assertThat(first.outputs().get(0).values()).isEmpty();
        assertThat(first.flags()).isEqualTo(score().flags());
    }

    @ParameterizedTest
    @EnumSource
    void aStateIsNoScore(Format format) throws IOException {
        ExportedState state =
                new ExportedState(
                        "a",
                        3,
                        LABEL,
                        List.of(new LayerState("lstm", List.of(new float[] {1}))),
                        0,
                        List.of());

        assertThat(format.back(state, Wanted.EVERYTHING)).containsExactly((Score) null);
    }

    @Test
    void jsonMayBeInAnotherOrderAndHaveMore() throws IOException {
        String json =
                " { \"model\" : \"%s\", \"more\":{\"a\":[1,\"]\"],\"b\":null}, \"x\":-1.5e3, \"flags\":[\"idle\"],\"start\": 4 , \"outputs\": [ [ 1 , 2 ] , [3,4] ], \"time\":9 , \"stream\":\"\\u00e4\" } "
                        .formatted(LABEL);

        for (Wanted wanted : Wanted.values()) {
            Score score =
                    new JsonScoreReader(TIMES, wanted)
                            .read(null, json.getBytes(StandardCharsets.UTF_8), List.of());

            assertThat(score.stream()).isEqualTo("ä");
            assertThat(score.start()).isEqualTo(4);
            assertThat(score.times()).containsExactly(9);
            assertThat(score.flags()).isEqualTo(StreamState.IDLE);
            assertThat(score.outputs().get(0).rows()).isEqualTo(2);
        }
    }

    @Test
    void whatIsNoScoreIsSaidToBeNone() {
        JsonScoreReader reader = new JsonScoreReader(TIMES, Wanted.EVERYTHING);

        for (String json : List.of("", "{}", "[1]", "{\"stream\":\"a\"", "{\"outputs\":[[1,]]}")) {
            assertThatThrownBy(
                            () ->
                                    reader.read(
                                            null, json.getBytes(StandardCharsets.UTF_8), List.of()))
                    .isInstanceOf(IOException.class)
                    .hasMessageStartingWith(
                            "a recorded score must be JSON as Streamcell writes it, got ");
        }
    }
}
