package io.streamcell.models.keras;

/**
 * What a call of a layer gives.
 *
 * @param tensor its number in the network
 * @param mask the tensor of its mask, or {@link #NONE}
 */
record Value(int tensor, int mask) {
    static final int NONE = -1;

    static Value unmasked(int tensor) {
        return new Value(tensor, NONE);
    }

    boolean masked() {
        return mask != NONE;
    }
}
