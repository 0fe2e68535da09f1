package io.streamcell.jobs.json;

import io.streamcell.operators.Reason;
import io.streamcell.operators.RejectedEventException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/** Stream ids as record keys. */
final class StreamIds {
    private StreamIds() {}

    /**
     * The stream that a key names.
     *
     * @return null without a key
     * @throws RejectedEventException if the key is not UTF-8
     */
    static String decode(byte[] key) {
        if (key == null) {
            return null;
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(key))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new RejectedEventException(
                    Reason.STREAM,
                    "the record's key must be the stream id in UTF-8, got other bytes");
        }
    }
}
