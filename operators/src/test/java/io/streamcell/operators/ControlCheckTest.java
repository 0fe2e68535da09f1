package io.streamcell.operators;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.streamcell.operators.SequencePolicy.OnModelChange;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What must hold of a model before every task hears that it takes over. */
class ControlCheckTest {
    private static final ScoringOptions OPTIONS =
            ScoringOptions.forModel(golden("lstm-sequences"))
                    .with(ScoringOptions.KEPT_TIMESTEPS, 5);

    private static String golden(String model) {
        return Path.of("../models/src/test/golden", model, "model.keras").toString();
    }

    private static ControlEvent change(
            String name, OnModelChange policy, String uri, String sha256) {
        return ControlEvent.model(
                new ModelChange(name, 7, policy, ModelReference.unread(uri, sha256)));
    }

    private static ControlEvent checked(ScoringOptions options, ControlEvent event)
            throws Exception {
        return new ControlCheck(ServedModel.of(options), options).check(event);
    }

    private static void refuses(ScoringOptions options, ControlEvent event, String message) {
        assertThatThrownBy(() -> checked(options, event))
                .isInstanceOfSatisfying(
                        RejectedEventException.class,
                        e -> assertThat(e.reason()).isEqualTo(Reason.MODEL))
                .hasMessageMatching(message);
    }

    @Test
    void aModelIsPinnedByItsBytesWhateverItsInputIsCalled() throws Exception {
        String uri = golden("gru-reset-after");

        ControlEvent once = checked(OPTIONS, change("default", OnModelChange.RESET, uri, ""));
        ModelReference pinned = once.change().model();
        assertThat(pinned).isEqualTo(ServedModel.at(uri, ModelFile.Pin.NONE, OPTIONS).reference());
        assertThat(once.time()).isEqualTo(7);
        assertThat(once.change().policy()).isEqualTo(OnModelChange.RESET);

        String sha256 = pinned.sha256().toUpperCase(java.util.Locale.ROOT);
        assertThat(checked(OPTIONS, change("default", OnModelChange.WARM, uri, sha256)).change())
                .extracting(ModelChange::model)
                .isEqualTo(pinned);
    }

    @Test
    void aResetOfAllPassesAsItIs() throws Exception {
        assertThat(checked(OPTIONS, ControlEvent.resetAll(7))).isEqualTo(ControlEvent.resetAll(7));
    }

    @Test
    void anotherFileThanThatWhichIsNamedIsRefused() {
        refuses(
                OPTIONS,
                change("default", OnModelChange.RESET, golden("gru-reset-after"), "00ff"),
                "model .*gru-reset-after/model.keras must be the file with SHA-256 00ff as the event says, got [0-9a-f]{64}: was it overwritten\\?");
    }

    @Test
    void aFileThatCannotBeScoredIsRefused() {
        refuses(
                OPTIONS,
                change("default", OnModelChange.RESET, golden("none"), ""),
                "model .*none/model.keras must be one that can be scored: .*");
    }

    @ParameterizedTest
    @ValueSource(strings = {":", "x.:eras", "a\0b", " ", "/", "no-such-scheme://m", "file:", "%"})
    void whatCannotBeAnAddressIsRefusedAndEndsNoJob(String uri) {
        refuses(
                OPTIONS,
                change("default", OnModelChange.RESET, uri, ""),
                "(?s)model .* must be one that can be scored: .*");
    }

    @Test
    void otherInputsThanTheEventsHaveAreRefused() {
        refuses(
                OPTIONS,
                change("default", OnModelChange.RESET, golden("long-stream"), ""),
                "a model that takes over must have the inputs .* as default has, got .*");
    }

    @Test
    void aNameThatIsNotServedIsRefused() {
        refuses(
                OPTIONS.with(ScoringOptions.KEPT_TIMESTEPS, 0),
                change("v2", OnModelChange.RESET, golden("lstm-dropout"), ""),
                "the name of a model must be of \\[default\\], got v2");
    }

    @Test
    void nothingIsWarmedWithoutTimestepsToWarmWith() {
        refuses(
                OPTIONS.with(ScoringOptions.KEPT_TIMESTEPS, 0),
                change("default", OnModelChange.WARM, golden("lstm-dropout"), ""),
                "policy must be keep or reset where sequence.kept-timesteps is 0, got warm");
    }

    @Test
    void aModelBesideTheMainOneIsReplacedByItsName() throws Exception {
        ScoringOptions two = OPTIONS.withModel("v2", golden("lstm-dropout"));

        ControlEvent event =
                checked(two, change("v2", OnModelChange.RESET, golden("gru-reset-after"), ""));
        assertThat(event.change().name()).isEqualTo("v2");
        assertThat(two.otherModels()).isEqualTo(Map.of("v2", golden("lstm-dropout")));
    }
}
