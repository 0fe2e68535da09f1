package io.streamcell.operators;

import java.io.Serializable;

/**
 * A model file, pinned.
 *
 * @param uri of the file, as Flink's file systems take it
 * @param sha256 of its bytes, in hexadecimal
 * @param fingerprint of its network
 */
public record ModelReference(String uri, String sha256, long fingerprint) implements Serializable {
    private static final long serialVersionUID = 1;
}
