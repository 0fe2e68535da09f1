package io.streamcell.operators;

import io.streamcell.kernels.KernelException;
import io.streamcell.models.NetworkSignature;
import io.streamcell.models.UnsupportedModelException;
import io.streamcell.operators.SequencePolicy.OnModelChange;
import java.io.IOException;
import java.io.Serializable;
import java.util.Map;

/**
 * Checks control events before every task hears of them: reads a model that is to take over, pins
 * it, and sees to it that the streams' events fit it, too.
 */
public final class ControlCheck implements Serializable {
    private static final long serialVersionUID = 1;

    private final ServedModel model;
    private final ScoringOptions options;

    public ControlCheck(ServedModel model, ScoringOptions options) {
        this.model = model;
        this.options = options;
    }

    /**
     * The event, its model pinned.
     *
     * @throws RejectedEventException if the model cannot take over
     */
    public ControlEvent check(ControlEvent event) {
        ModelChange change = event.change();
        if (change == null) {
            return event;
        }
        Map<String, ServedModel> models = model.byName();
        ServedModel before = models.get(change.name());
        if (before == null) {
            throw refused(
                    "the name of a model must be of %s, got %s"
                            .formatted(models.keySet(), change.name()));
        }
        if (change.policy() == OnModelChange.WARM
                && options.value(ScoringOptions.KEPT_TIMESTEPS) == 0) {
            throw refused(
                    "policy must be keep or reset where sequence.kept-timesteps is 0, got warm");
        }
        ServedModel after = read(change.model());
        checkInputs(before.signature(), after.signature(), change);
        return ControlEvent.model(
                new ModelChange(change.name(), change.time(), change.policy(), after.reference()));
    }

    private ServedModel read(ModelReference model) {
        String uri = model.uri();
        try {
            ModelFile.Pin pin = new ModelFile.Pin(model.sha256(), "as the event says");
            return ServedModel.at(uri, pin, options);
        } catch (OtherModelException e) {
            throw refused(e.getMessage());
        } catch (IOException | UnsupportedModelException | KernelException e) {
            throw refused(
                    "model %s must be one that can be scored: %s".formatted(uri, e.getMessage()));
        }
    }

    /**
     * Events are checked against the model that a job is started with, and must fit the new one.
     */
    private static void checkInputs(
            NetworkSignature before, NetworkSignature after, ModelChange change) {
        if (!after.takesInputsOf(before)) {
            throw refused(
                    "a model that takes over must have the inputs %s as %s has, got %s of %s"
                            .formatted(
                                    before.inputs(),
                                    change.name(),
                                    after.inputs(),
                                    change.model().uri()));
        }
    }

    private static RejectedEventException refused(String message) {
        return new RejectedEventException(Reason.MODEL, message);
    }
}
