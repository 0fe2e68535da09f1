package io.streamcell.jobs.fuzz;

import io.streamcell.operators.ScoringOptions;
import io.streamcell.operators.SequencePolicy.OnGap;
import io.streamcell.operators.SequencePolicy.OnNotFinite;
import io.streamcell.operators.ServedModel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.function.UnaryOperator;

/** A model and the rules that it is served by. */
enum Setting {
    PLAIN("lstm-sequences", options -> options),
    TOKENS("embedding-mask", options -> options.with(ScoringOptions.ON_GAP, OnGap.REJECT)),
    RULES(
            "last-timestep",
            options ->
                    options.with(ScoringOptions.ON_GAP, OnGap.RESET)
                            .with(ScoringOptions.ON_NOT_FINITE, OnNotFinite.RESET)
                            .with(ScoringOptions.IDLE_RESET, Duration.ofHours(1))
                            .with(ScoringOptions.STATE_TTL, Duration.ofHours(5))
                            .with(ScoringOptions.KEPT_TIMESTEPS, 3)),
    SEVERAL_INPUTS("static-input", options -> options.with(ScoringOptions.SLAB_MAX_STREAMS, 4)),
    WAITING(
            "lstm-sequences",
            options -> options.with(ScoringOptions.MAX_WAIT, Duration.ofMinutes(1)));

    private static final Setting[] ALL = values();

    private final String folder;
    private final UnaryOperator<ScoringOptions> rules;
    private String label;

    Setting(String folder, UnaryOperator<ScoringOptions> rules) {
        this.folder = folder;
        this.rules = rules;
    }

    /** The one that any number stands for. */
    static Setting of(int number) {
        return ALL[Math.floorMod(number - '0', ALL.length)];
    }

    /** The path of its model. */
    String uri() {
        return "../models/src/test/golden/%s/model.keras".formatted(folder);
    }

    /** What records call its model. */
    String label() {
        if (label == null) {
            label = model().label();
        }
        return label;
    }

    ScoringOptions options() {
        return rules.apply(ScoringOptions.forModel(uri()));
    }

    ServedModel model() {
        try {
            return ServedModel.of(options());
        } catch (IOException e) {
            throw new UncheckedIOException("a stored model must be readable", e);
        }
    }
}
