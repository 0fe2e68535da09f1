package io.streamcell.jobs.formats;

import io.streamcell.models.NetworkOutput;
import io.streamcell.models.NetworkSignature;
import io.streamcell.operators.ServedModel;
import java.io.Serializable;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Which outputs of which networks have a row for each timestep of the chunk: no record says so.
 *
 * @param byModel the names of those without, by the networks' fingerprints; null for the only one
 * @param usual as of networks that are not among them
 */
public record OutputTimes(Map<Long, List<String>> byModel, List<String> usual)
        implements Serializable {
    private static final long serialVersionUID = 1;
    private static final String ONLY = "";

    /**
     * The outputs of models.
     *
     * @param models the first is the usual one
     */
    public static OutputTimes of(Collection<NetworkSignature> models) {
        Map<Long, List<String>> byModel = new HashMap<>();
        List<String> usual = null;
        for (NetworkSignature model : models) {
            List<String> single =
                    model.outputs().stream()
                            .filter(output -> output.shape().axis() != 0)
                            .map(output -> name(model, output))
                            .toList();
            byModel.put(model.fingerprint(), single);
            usual = usual == null ? single : usual;
        }
        return new OutputTimes(byModel, usual);
    }

    private static String name(NetworkSignature model, NetworkOutput output) {
        return model.namedOutputs() ? output.name() : ONLY;
    }

    /**
     * Whether an output has a row for each timestep of the chunk.
     *
     * @param label of the model, as in scores
     * @param name or null for the only output
     */
    public boolean timed(String label, String name) {
        List<String> single = byModel.getOrDefault(ServedModel.fingerprint(label), usual);
        return single.isEmpty() || !single.contains(name == null ? ONLY : name);
    }
}
