package io.streamcell.jobs.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.streamcell.operators.ControlEvent;
import io.streamcell.operators.ModelChange;
import io.streamcell.operators.ModelReference;
import io.streamcell.operators.Reason;
import io.streamcell.operators.RejectedEventException;
import io.streamcell.operators.SequencePolicy.OnModelChange;
import java.nio.charset.StandardCharsets;
import org.apache.flink.metrics.SimpleCounter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ControlEventReaderTest {
    private final SimpleCounter unknown = new SimpleCounter();
    private final ControlEventReader reader = new ControlEventReader(new UnknownFields(unknown));

    @Test
    void aResetOfAllHasATime() {
        assertThat(read("{'event':'reset-all','time':1385990100000,'why':'maintenance'}"))
                .isEqualTo(ControlEvent.resetAll(1385990100000L));
        assertThat(unknown.getCount()).isEqualTo(1);
    }

    @Test
    void aModelTakesTheDefaultsPlaceWhereNoNameIsGiven() {
        assertThat(read("{'event':'model','uri':'m.keras','time':5,'policy':'keep'}"))
                .isEqualTo(change("default", OnModelChange.KEEP, ""));
        assertThat(
                        read(
                                "{'policy':'warm','name':'v2','event':'model','sha256':'ab','uri':'m.keras','time':[5]}"))
                .isEqualTo(change("v2", OnModelChange.WARM, "ab"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "[1] | format | a control event must be a JSON object, got",
                "{} | event | event must be reset-all or model on the control topic, got none",
                "{'event':'reset'} | event | event must be reset-all or model on the control topic, got reset",
                "{'event':7} | format | event must be text, got",
                "{'event':'reset-all'} | time | event reset-all must have one time from which on it holds, got none",
                "{'event':'reset-all','time':[1,2]} | time | event reset-all must have one time from which on it holds, got 2",
                "{'event':'reset-all','time':1.5} | time | ",
                "{'event':'reset-all','time':1} {} | format | a control event must be one JSON object, got",
                "{'event':'model','time':1,'policy':'keep'} | model | event model must have the uri of a model, got none",
                "{'event':'model','time':1,'uri':'m'} | event | policy must be keep, reset or warm, got none",
                "{'event':'model','time':1,'uri':'m','policy':'fail'} | event | policy must be keep, reset or warm, got fail",
                "{'event':'model','uri':'m','policy':'keep'} | time | event model must have one time from which on it holds, got none",
                "{'event':'model' | format | ",
            })
    void whatIsNoControlEventIsRejected(String json, String reason, String message) {
        assertThatThrownBy(() -> read(json))
                .isInstanceOfSatisfying(
                        RejectedEventException.class,
                        e -> assertThat(e.reason().toString()).isEqualTo(reason))
                .hasMessageContaining(message == null ? "" : message);
    }

    @Test
    void aTombstoneIsRejected() {
        assertThatThrownBy(() -> reader.read(null))
                .isInstanceOfSatisfying(
                        RejectedEventException.class,
                        e -> assertThat(e.reason()).isEqualTo(Reason.TOMBSTONE));
    }

    private static ControlEvent change(String name, OnModelChange policy, String sha256) {
        return ControlEvent.model(
                new ModelChange(name, 5, policy, ModelReference.unread("m.keras", sha256)));
    }

    private ControlEvent read(String json) {
        return reader.read(json.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    }
}
