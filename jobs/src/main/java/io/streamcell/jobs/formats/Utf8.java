package io.streamcell.jobs.formats;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * Strict UTF-8: what is not UTF-8 is refused, never replaced, since two stream ids must not become
 * one.
 */
public final class Utf8 {
    private Utf8() {}

    /** Whether the bytes are well-formed UTF-8. */
    public static boolean wellFormed(byte[] bytes) {
        int ascii = 0;
        while (ascii < bytes.length && bytes[ascii] >= 0) {
            ascii++;
        }
        if (ascii == bytes.length) {
            return true;
        }
        try {
            StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes, ascii, bytes.length - ascii));
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }

    /** Whether a zero byte stands at the beginning, from which Jackson would guess UTF-16 or 32. */
    public static boolean hasNull(byte[] bytes) {
        for (int k = 0; k < Math.min(4, bytes.length); k++) {
            if (bytes[k] == 0) {
                return true;
            }
        }
        return false;
    }

    /** Whether a text can be written in UTF-8: JSON escapes can spell half a surrogate pair. */
    public static boolean encodable(String text) {
        for (int k = 0; k < text.length(); k++) {
            char c = text.charAt(k);
            if (Character.isSurrogate(c)) {
                boolean pair =
                        Character.isHighSurrogate(c)
                                && k + 1 < text.length()
                                && Character.isLowSurrogate(text.charAt(k + 1));
                if (!pair) {
                    return false;
                }
                k++;
            }
        }
        return true;
    }
}
