package io.streamcell.operators;

import io.streamcell.kernels.KernelOptions;
import io.streamcell.kernels.KernelProviders;
import io.streamcell.models.Network;
import io.streamcell.models.NetworkSignature;
import io.streamcell.models.UnsupportedModelException;
import java.io.IOException;
import java.io.Serializable;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * The model that a job serves, without its weights: small enough to travel with the job to every
 * task. The weights are read again where they are needed, and the file must then still be the same.
 *
 * @param carriesConvolutions whether its causal convolutions keep their last inputs from chunk to
 *     chunk
 * @param precision that it is computed in, {@link KernelOptions#PRECISIONS}
 * @param beside the job's other models, by their names
 */
public record ServedModel(
        ModelReference reference,
        NetworkSignature signature,
        boolean carriesConvolutions,
        String precision,
        Map<String, ServedModel> beside)
        implements Serializable {
    private static final long serialVersionUID = 1;

    public ServedModel {
        beside = Map.copyOf(beside);
    }

    /** A model that stands alone. */
    static ServedModel of(
            ModelReference reference, NetworkSignature signature, ScoringOptions options) {
        return new ServedModel(
                reference,
                signature,
                options.value(ScoringOptions.MODEL_CARRY_CONVOLUTIONS),
                options.value(ScoringOptions.KERNEL_PRECISION),
                Map.of());
    }

    /**
     * Reads the models that the options name, to learn their signatures.
     *
     * @throws OtherModelException if a file does not have the SHA-256 that the options say
     * @throws IOException if a file cannot be read
     * @throws io.streamcell.models.UnsupportedModelException if it is not a model that can be
     *     scored
     * @throws io.streamcell.kernels.KernelException if the kernel provider does not compute it
     */
    public static ServedModel of(ScoringOptions options) throws IOException {
        Map<String, ServedModel> beside = new LinkedHashMap<>();
        for (Map.Entry<String, String> other : options.otherModels().entrySet()) {
            beside.put(other.getKey(), at(other.getValue(), options.pin(other.getKey()), options));
        }
        ServedModel model =
                at(
                        options.value(ScoringOptions.MODEL_URI),
                        options.pin(StreamEvent.DEFAULT_MODEL),
                        options);
        return new ServedModel(
                model.reference,
                model.signature,
                model.carriesConvolutions,
                model.precision,
                beside);
    }

    /** Reads the model in a file, to be scored by a job of these options. */
    static ServedModel at(String uri, ModelFile.Pin pin, ScoringOptions options)
            throws IOException {
        ModelFile file = ModelFile.read(uri, pin);
        boolean carries = options.value(ScoringOptions.MODEL_CARRY_CONVOLUTIONS);
        Network network = prepared(file.network(), carries);
        KernelProviders.check(
                options.value(ScoringOptions.KERNEL_PROVIDER), network, options.kernelOptions());
        NetworkSignature signature = network.signature(options.value(ScoringOptions.MODEL_CARRY));
        if (options.value(ScoringOptions.KEPT_TIMESTEPS) > 0 && !KeptTimesteps.canWarm(signature)) {
            throw new UnsupportedModelException(
                    "with sequence.kept-timesteps every input must have one time axis, chunks may be cut, and every state must be carried");
        }
        ModelReference reference =
                new ModelReference(
                        uri,
                        file.sha256(),
                        signature.fingerprint(),
                        signature.layout().carriedSizes());
        return of(reference, signature, options);
    }

    /**
     * Reads the network again.
     *
     * @throws IOException if the file cannot be read, or is no longer the one that was pinned
     */
    public Network network() throws IOException {
        return network(reference, carriesConvolutions);
    }

    /** The network of a pinned model. */
    static Network network(ModelReference reference, boolean carriesConvolutions)
            throws IOException {
        ModelFile.Pin pin = new ModelFile.Pin(reference.sha256(), "that the job was started with");
        return prepared(ModelFile.read(reference.uri(), pin).network(), carriesConvolutions);
    }

    private static Network prepared(Network network, boolean carriesConvolutions) {
        return carriesConvolutions ? network.carryingConvolutions() : network;
    }

    /** All models, by name: this one, and those beside it. */
    public Map<String, ServedModel> byName() {
        Map<String, ServedModel> models = new LinkedHashMap<>();
        models.put(StreamEvent.DEFAULT_MODEL, this);
        models.putAll(new TreeMap<>(beside));
        return models;
    }

    /** What stands in scores: fingerprint, precision and arithmetic's version. */
    public String label() {
        return label(signature, precision);
    }

    /**
     * The network's fingerprint in what stands in scores; {@link Recorded#ANY} where it is none.
     */
    public static long fingerprint(String label) {
        try {
            return Long.parseUnsignedLong(label.substring(0, Math.max(0, label.indexOf('.'))), 16);
        } catch (NumberFormatException e) {
            return Recorded.ANY;
        }
    }

    static String label(NetworkSignature signature, String precision) {
        // tf32-1, since a digit behind tf32 would be read as part of it.
        String dash = precision.equals(KernelOptions.EXACT) ? "" : "-";
        return "%s.%s%s%d"
                .formatted(signature.fingerprintText(), precision, dash, KernelOptions.ARITHMETIC);
    }
}
