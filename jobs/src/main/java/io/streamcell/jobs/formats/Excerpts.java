package io.streamcell.jobs.formats;

/** Texts that may come from anywhere, made fit for a message. */
public final class Excerpts {
    private static final int LONGEST = 40;

    private Excerpts() {}

    /** The beginning of a text. */
    public static String shortened(String text) {
        return text.length() > LONGEST ? line(text.substring(0, LONGEST)) + "..." : line(text);
    }

    /** A text on one line, of characters that can be written. */
    public static String line(String text) {
        StringBuilder line = new StringBuilder();
        for (int k = 0; k < text.length(); k++) {
            char c = text.charAt(k);
            line.append(Character.isISOControl(c) || Character.isSurrogate(c) ? '?' : c);
        }
        return line.toString();
    }
}
