package io.streamcell.operators;

import java.io.Serializable;
import java.util.List;
import org.apache.flink.annotation.Public;

/**
 * A model file, pinned.
 *
 * @param uri of the file, as Flink's file systems take it
 * @param sha256 of its bytes, in hexadecimal
 * @param fingerprint of its network
 * @param stateSizes widths of the state tensors that it carries, in the order of a stream's flat
 *     state
 */
@Public
public record ModelReference(String uri, String sha256, long fingerprint, List<Integer> stateSizes)
        implements Serializable {
    private static final long serialVersionUID = 1;

    /**
     * A file that was not read yet.
     *
     * @param sha256 that it must have, or empty
     */
    public static ModelReference unread(String uri, String sha256) {
        return new ModelReference(uri, sha256, 0, List.of());
    }

    public ModelReference {
        stateSizes = List.copyOf(stateSizes);
    }
}
