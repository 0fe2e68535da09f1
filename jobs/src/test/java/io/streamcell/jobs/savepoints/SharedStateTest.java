package io.streamcell.jobs.savepoints;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamcell.operators.ModelChange;
import io.streamcell.operators.ModelReference;
import io.streamcell.operators.SequencePolicy.OnModelChange;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SharedStateTest {
    private static final SharedState SHARED =
            new SharedState(
                    Map.of("default", model(7), "v2", model(8)),
                    Map.of(
                            1L, change("default", 8),
                            2L, change("default", 7),
                            3L, change("v2", 9)),
                    Map.of());

    @Test
    void aNetworkHasTheNumberByWhichItLastTookTheName() {
        assertThat(SHARED.version("default", 7)).hasValue(2);
        assertThat(SHARED.version("default", 8)).hasValue(1);
        assertThat(SHARED.version("v2", 8)).hasValue(0);
        assertThat(SHARED.version("v2", 9)).hasValue(3);
        assertThat(SHARED.version("default", 9)).isEmpty();
        assertThat(SHARED.version("v3", 7)).isEmpty();
    }

    @Test
    void aVersionIsThatNetwork() {
        assertThat(SHARED.model("v2", 0)).isEqualTo(model(8));
        assertThat(SHARED.model("default", 2)).isEqualTo(model(7));
        assertThat(SharedState.NOTHING.with("a", model(1)).model("a", 0)).isEqualTo(model(1));
    }

    private static ModelChange change(String name, long fingerprint) {
        return new ModelChange(name, 1000, OnModelChange.KEEP, model(fingerprint));
    }

    private static ModelReference model(long fingerprint) {
        return new ModelReference("m.keras", "00", fingerprint, List.of(2));
    }
}
