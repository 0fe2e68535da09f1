package io.streamcell.jobs.replay;

import io.streamcell.operators.ControlEvent;
import io.streamcell.operators.ServedModel;
import io.streamcell.operators.StreamEvent;
import java.io.Serializable;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Which of a job's models a network is a version of, by the fingerprints in scores: they name no
 * model.
 *
 * @param byFingerprint names of models, the default one's left out
 */
record Lanes(Map<Long, String> byFingerprint) implements Serializable {
    private static final long serialVersionUID = 1;

    Lanes {
        byFingerprint = new HashMap<>(byFingerprint);
    }

    /** The models of a job, and those that took their places. */
    static Lanes of(ServedModel model, List<ControlEvent> control) {
        Map<Long, String> names = new HashMap<>();
        if (!model.beside().isEmpty()) {
            model.beside().forEach((name, each) -> names.put(each.signature().fingerprint(), name));
            for (ControlEvent event : control) {
                if (event.change() != null) {
                    names.put(event.change().model().fingerprint(), event.change().name());
                }
            }
        }
        names.values().removeIf(StreamEvent.DEFAULT_MODEL::equals);
        return new Lanes(names);
    }

    /** The model that a score is of; the default one where that is not known. */
    String of(String label) {
        return byFingerprint.isEmpty()
                ? StreamEvent.DEFAULT_MODEL
                : byFingerprint.getOrDefault(
                        ServedModel.fingerprint(label), StreamEvent.DEFAULT_MODEL);
    }

    /** Tells one output of one model from the others of a stream. */
    String key(String label, String output) {
        if (byFingerprint.isEmpty()) {
            return output == null ? "" : output;
        }
        return of(label) + '\n' + (output == null ? "" : output);
    }
}
