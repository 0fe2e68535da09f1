package io.streamcell.jobs.fuzz;

import io.streamcell.operators.Header;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A Kafka record as one text that a fuzzer can change anywhere: a line of the setting's number, e
 * for an event or c for the control topic, and the key; a line for each header, {@code key:value};
 * an empty line; the value. No key is null, a header without a colon has a null value, and without
 * the empty line the record is a tombstone.
 */
record HostileRecord(int setting, boolean control, byte[] key, List<Header> headers, byte[] value) {

    /** Whether bytes begin as such a text does. */
    static boolean is(byte[] text) {
        return text.length > 1
                && text[0] >= '0'
                && text[0] <= '9'
                && (text[1] == 'e' || text[1] == 'c');
    }

    static HostileRecord parse(byte[] text) {
        int end = lineEnd(text, 0);
        int setting = end > 0 ? text[0] & 0xFF : 0;
        boolean control = end > 1 && text[1] == 'c';
        byte[] key = end > 2 ? Arrays.copyOfRange(text, 2, end) : null;
        List<Header> headers = new ArrayList<>();
        int from = end + 1;
        while (from < text.length) {
            end = lineEnd(text, from);
            if (end == from) {
                byte[] value = Arrays.copyOfRange(text, from + 1, text.length);
                return new HostileRecord(setting, control, key, headers, value);
            }
            headers.add(header(text, from, end));
            from = end + 1;
        }
        return new HostileRecord(setting, control, key, headers, null);
    }

    private static int lineEnd(byte[] text, int from) {
        int end = from;
        while (end < text.length && text[end] != '\n') {
            end++;
        }
        return end;
    }

    private static Header header(byte[] text, int from, int end) {
        int colon = from;
        while (colon < end && text[colon] != ':') {
            colon++;
        }
        // Kafka's clients make a text of whatever bytes a header's key has.
        String key = new String(text, from, colon - from, StandardCharsets.UTF_8);
        return new Header(key, colon == end ? null : Arrays.copyOfRange(text, colon + 1, end));
    }

    /** The text of an event, for the corpus. */
    static byte[] event(int setting, String key, List<Header> headers, byte[] value) {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        text.writeBytes((setting + "e" + key + "\n").getBytes(StandardCharsets.UTF_8));
        for (Header header : headers) {
            text.writeBytes((header.key() + ":").getBytes(StandardCharsets.UTF_8));
            text.writeBytes(header.value());
            text.write('\n');
        }
        text.write('\n');
        text.writeBytes(value);
        return text.toByteArray();
    }

    /** The text of a record of the control topic. */
    static byte[] control(int setting, String json) {
        return (setting + "c\n\n" + json).getBytes(StandardCharsets.UTF_8);
    }
}
