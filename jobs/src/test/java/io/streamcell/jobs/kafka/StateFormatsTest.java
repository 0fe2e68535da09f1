package io.streamcell.jobs.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamcell.jobs.config.JobOptions.Format;
import io.streamcell.jobs.formats.EventReader;
import io.streamcell.jobs.formats.RecordWriter.Payload;
import io.streamcell.jobs.formats.Signatures;
import io.streamcell.jobs.formats.StateRecord;
import io.streamcell.jobs.json.FlatRow;
import io.streamcell.operators.ExportedState;
import io.streamcell.operators.LayerState;
import io.streamcell.operators.Origin;
import io.streamcell.operators.OutputRecord;
import io.streamcell.operators.OutputValues;
import io.streamcell.operators.Reason;
import io.streamcell.operators.Score;
import io.streamcell.state.StreamState;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** States that a job writes in any format are read back, alone in a topic or among scores. */
class StateFormatsTest {
    private static final String MODEL = "%016x.exact1".formatted(Signatures.FINGERPRINT);
    private static final Origin ORIGIN = new Origin("states", 0, 7);

    @ParameterizedTest
    @CsvSource({
        "JSON, false",
        "JSON, true",
        "AVRO, false",
        "AVRO, true",
        "FLOAT32, false",
        "FLOAT32, true"
    })
    void aStateIsReadBackAsTheResetToIt(Format format, boolean amongScores) {
        StateRecord plain = read(format, amongScores, state(MODEL, 0));
        StateRecord expired = read(format, amongScores, state(MODEL, StreamState.EXPIRED));

        assertThat(plain.rejected()).isNull();
        assertThat(plain.givenUp()).isFalse();
        assertThat(plain.reset().stream()).isEqualTo("größe");
        assertThat(plain.reset().next()).isEqualTo(1547);
        assertThat(plain.reset().state()).hasSize(1);
        assertThat(plain.reset().state().get(0).tensors().get(0)).containsExactly(0.1f, -0f);
        assertThat(plain.reset().state().get(0).tensors().get(1))
                .containsExactly(Float.MIN_VALUE, 1e30f);
        assertThat(expired.givenUp()).isTrue();
    }

    @ParameterizedTest
    @EnumSource(Format.class)
    void scoresAndStatesOfOtherModelsAreToldApart(Format format) {
        Score score =
                new Score(
                        "größe",
                        3,
                        new long[] {5},
                        List.of(new OutputValues(null, new float[] {1, 2, 3}, 3, true, List.of(1))),
                        MODEL,
                        0,
                        List.of());

        assertThat(read(format, true, score).rejected().reason()).isEqualTo(Reason.EVENT);
        assertThat(read(format, true, state("0123456789abcdef.exact1", 0)).rejected().reason())
                .isEqualTo(Reason.MODEL);
    }

    @ParameterizedTest
    @EnumSource(Format.class)
    void aTombstoneGivesItsStreamUp(Format format) {
        StateRecord read =
                reader(format, true)
                        .readState("s".getBytes(StandardCharsets.UTF_8), null, List.of(), ORIGIN);

        assertThat(read.givenUp()).isTrue();
        assertThat(read.reset().stream()).isEqualTo("s");
    }

    private static StateRecord read(Format format, boolean amongScores, OutputRecord record) {
        Payload payload =
                formats(format).writer("out", amongScores ? "out" : "states").write(record).get(0);
        byte[] key = record.stream().getBytes(StandardCharsets.UTF_8);
        return reader(format, amongScores)
                .readState(key, payload.value(), payload.headers(), ORIGIN);
    }

    private static EventReader reader(Format format, boolean amongScores) {
        return formats(format).stateReader(Signatures.lstm(2), amongScores);
    }

    private static RecordFormats formats(Format format) {
        return new RecordFormats(Format.JSON, format, FlatRow.NONE, null);
    }

    private static ExportedState state(String model, int flags) {
        LayerState lstm =
                new LayerState(
                        "lstm",
                        List.of(new float[] {0.1f, -0f}, new float[] {Float.MIN_VALUE, 1e30f}));
        return new ExportedState("größe", 1547, model, List.of(lstm), flags, List.of());
    }
}
