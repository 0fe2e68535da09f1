package io.streamcell.models;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * The byte sequence that a network's fingerprint is taken of, written straight into SHA-256.
 * Integers are 32 bits, little-endian; a text is its UTF-8 length and bytes; weights are rows,
 * columns and their float32 bits.
 *
 * <p>It holds what decides the bits of a score and nothing else: no names, no training settings. A
 * property that a later version adds is written only where it differs from what older versions
 * computed, so fingerprints stay.
 */
public final class CanonicalForm {
    private final MessageDigest digest;
    private final ByteBuffer buffer = ByteBuffer.allocate(8192).order(ByteOrder.LITTLE_ENDIAN);

    CanonicalForm() {
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    public CanonicalForm text(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        number(bytes.length);
        drain();
        digest.update(bytes);
        return this;
    }

    public CanonicalForm number(int value) {
        room().putInt(value);
        return this;
    }

    public CanonicalForm number(float value) {
        return number(Float.floatToIntBits(value));
    }

    public CanonicalForm weights(Weights weights) {
        number(weights.rows()).number(weights.columns());
        for (float value : weights.values()) {
            room().putInt(Float.floatToIntBits(value));
        }
        return this;
    }

    /**
     * The first eight bytes of the hash, read big-endian, so that the hexadecimal text is the
     * hash's beginning.
     */
    long fingerprint() {
        drain();
        return ByteBuffer.wrap(digest.digest()).getLong();
    }

    private ByteBuffer room() {
        if (buffer.remaining() < Integer.BYTES) {
            drain();
        }
        return buffer;
    }

    private void drain() {
        digest.update(buffer.array(), 0, buffer.position());
        buffer.clear();
    }
}
