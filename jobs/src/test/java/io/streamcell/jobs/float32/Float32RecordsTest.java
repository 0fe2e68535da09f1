package io.streamcell.jobs.float32;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamcell.jobs.formats.EventTable;
import io.streamcell.jobs.formats.RecordWriter.Payload;
import io.streamcell.jobs.formats.Signatures;
import io.streamcell.operators.ExportedState;
import io.streamcell.operators.Flags;
import io.streamcell.operators.Header;
import io.streamcell.operators.LayerState;
import io.streamcell.operators.OutputValues;
import io.streamcell.operators.Score;
import io.streamcell.operators.StreamEvent;
import io.streamcell.state.StreamState;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class Float32RecordsTest {
    private final Float32Records records = new Float32Records();

    @Test
    void aScoreIsItsFloatsAndTheHeadersSayTheRest() {
        float odd = Float.intBitsToFloat(0x7fc01234);
        OutputValues values =
                new OutputValues(null, new float[] {1, odd, -0f, 4}, 2, true, List.of(2));
        Score score =
                new Score(
                        "s",
                        1200,
                        new long[] {5, -6},
                        List.of(values),
                        "3f9c.exact1",
                        StreamState.GAP | Flags.OUTPUT_NOT_FINITE,
                        EventTable.headers("trace", "abc", "start", "the user's"));

        List<Payload> written = records.write(score);

        assertThat(written).hasSize(1);
        assertThat(written.get(0).value()).isEqualTo(EventTable.floats(1, odd, -0f, 4));
        assertThat(texts(written.get(0)))
                .containsExactly(
                        "trace=abc",
                        "start=1200",
                        "time=5,-6",
                        "model=3f9c.exact1",
                        "flags=gap,not-finite",
                        "shape=2,2");
    }

    @Test
    void eachNamedOutputIsARecordOfItsOwn() {
        Score score =
                new Score(
                        "s",
                        0,
                        new long[0],
                        List.of(
                                new OutputValues("a", new float[] {1, 2}, 2, true, List.of()),
                                new OutputValues("b", new float[] {3}, 1, false, List.of(1))),
                        "m",
                        0,
                        List.of());

        List<Payload> written = records.write(score);

        assertThat(texts(written.get(0)))
                .containsExactly("start=0", "model=m", "output=a", "shape=2");
        assertThat(texts(written.get(1)))
                .containsExactly("start=0", "model=m", "output=b", "shape=1,1");
        assertThat(written.get(1).value()).isEqualTo(EventTable.floats(3));
    }

    @Test
    void aStateComesBackAsAReset() {
        LayerState lstm =
                new LayerState("lstm", List.of(new float[] {1, 2}, new float[] {3, Float.NaN}));
        String label = "%016x.exact1".formatted(Signatures.FINGERPRINT);
        Payload state =
                records.write(new ExportedState("s", 7, label, List.of(lstm), 0, List.of())).get(0);

        assertThat(texts(state)).contains("event=state", "state={\"lstm\":[2,2]}");
        List<Header> headers = new ArrayList<>(state.headers());
        headers.removeIf(header -> header.key().equals("event"));
        headers.addAll(EventTable.headers("event", "reset"));
        StreamEvent reset =
                EventTable.event(
                        new Float32EventReader(Signatures.lstm(1))
                                .read(EventTable.key(), state.value(), headers, EventTable.ORIGIN));

        assertThat(reset.next()).isEqualTo(7);
        EventTable.assertSame(reset.state(), List.of(lstm));
    }

    private static List<String> texts(Payload payload) {
        return payload.headers().stream()
                .map(h -> h.key() + "=" + new String(h.value(), StandardCharsets.UTF_8))
                .toList();
    }
}
