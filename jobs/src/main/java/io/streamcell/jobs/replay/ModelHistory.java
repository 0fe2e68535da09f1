package io.streamcell.jobs.replay;

import io.streamcell.jobs.config.ConfigurationException;
import io.streamcell.operators.ControlCheck;
import io.streamcell.operators.ControlEvent;
import io.streamcell.operators.ModelChange;
import io.streamcell.operators.ModelReference;
import io.streamcell.operators.RejectedEventException;
import io.streamcell.operators.ScoringOptions;
import io.streamcell.operators.SequencePolicy.OnModelChange;
import io.streamcell.operators.ServedModel;
import io.streamcell.operators.StreamEvent;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The models that scored a range, as far as they are known, and what concerned every stream.
 *
 * @param control in order, models pinned
 * @param fingerprints of the models
 * @param stateSizes of the model whose states a savepoint holds, or null without one
 */
public record ModelHistory(
        ServedModel first,
        List<ControlEvent> control,
        Set<Long> fingerprints,
        List<Integer> stateSizes) {
    /**
     * Gathers them.
     *
     * @param savepoint that streams go on from, or null
     * @param others files of models that took over later
     * @throws ConfigurationException if one of those cannot take over
     */
    public static ModelHistory of(
            ServedModel first,
            ScoringOptions options,
            ReplaySources sources,
            SavepointStart savepoint,
            List<String> others)
            throws Exception {
        ControlCheck check = new ControlCheck(first, options);
        List<ControlEvent> control = new ArrayList<>();
        for (ControlEvent event : sources.controlEvents()) {
            try {
                control.add(check.check(event));
            } catch (RejectedEventException e) {
                // So it was then.
            }
        }
        for (String other : others) {
            control.add(later(other, check, options));
        }
        Set<Long> fingerprints = new HashSet<>();
        first.byName().values().forEach(each -> fingerprints.add(each.signature().fingerprint()));
        for (ControlEvent event : control) {
            if (event.change() != null) {
                fingerprints.add(event.change().model().fingerprint());
            }
        }
        List<Integer> stateSizes = null;
        if (savepoint != null) {
            for (ModelReference model : savepoint.models()) {
                fingerprints.add(model.fingerprint());
                stateSizes = model.stateSizes();
            }
        }
        return new ModelHistory(first, control, fingerprints, stateSizes);
    }

    /** A model that takes over where it was recorded to, and never by itself. */
    private static ControlEvent later(String uri, ControlCheck check, ScoringOptions options) {
        OnModelChange policy = options.value(ScoringOptions.ON_MODEL_CHANGE);
        if (policy == OnModelChange.FAIL) {
            throw new ConfigurationException(
                    "with --other-model sequence.on-model-change must be as it was in the job, keep, reset or warm, got fail");
        }
        try {
            return check.check(
                    ControlEvent.model(
                            new ModelChange(
                                    StreamEvent.DEFAULT_MODEL,
                                    Long.MAX_VALUE,
                                    policy,
                                    ModelReference.unread(uri, ""))));
        } catch (RejectedEventException e) {
            throw new ConfigurationException("--other-model: " + e.getMessage(), e);
        }
    }

    /** Whether what a score names as its model is one of them; nothing is said of no score. */
    public boolean knows(Optional<String> label) {
        return label.isEmpty() || fingerprints.contains(ServedModel.fingerprint(label.get()));
    }

    /** The resets of every stream alone. */
    public List<ControlEvent> resets() {
        return control.stream().filter(event -> event.change() == null).toList();
    }

    /** Options for a model that did not score then: it takes over states where it can. */
    public ScoringOptions forAnother(ScoringOptions options) {
        boolean keeps = first.reference().stateSizes().equals(stateSizes);
        return options.with(
                ScoringOptions.ON_MODEL_CHANGE, keeps ? OnModelChange.KEEP : OnModelChange.RESET);
    }
}
