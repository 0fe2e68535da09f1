package io.streamcell.operators;

import io.streamcell.models.Carry;
import io.streamcell.models.Network;
import io.streamcell.models.NetworkSignature;
import java.util.LinkedHashMap;
import java.util.Map;

/** Networks in memory in the place of model files, by the URIs that stand for them. */
final class Networks {
    private final Map<String, Network> byUri = new LinkedHashMap<>();

    /** A network for the URI, pinned. */
    ModelReference add(String uri, Network network, Carry carry) {
        byUri.put(uri, network);
        NetworkSignature signature = network.signature(carry);
        return new ModelReference(
                uri, "none", signature.fingerprint(), signature.layout().carriedSizes());
    }

    /** Where an operator finds them. */
    NetworkSource source() {
        return reference -> byUri.get(reference.uri());
    }
}
