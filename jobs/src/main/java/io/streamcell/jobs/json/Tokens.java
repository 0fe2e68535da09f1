package io.streamcell.jobs.json;

import com.fasterxml.jackson.core.JsonParser;
import java.io.IOException;

/** Tokens in words, for messages. */
final class Tokens {
    private static final int LONGEST = 40;

    private Tokens() {}

    /** What the parser stands on: {@code a list}, {@code text "abc"}. */
    static String describe(JsonParser parser) throws IOException {
        return switch (parser.currentToken()) {
            case START_ARRAY, END_ARRAY -> "a list";
            case START_OBJECT, END_OBJECT -> "an object";
            case VALUE_STRING -> "text \"" + shortened(parser.getText()) + "\"";
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> shortened(parser.getText());
            case VALUE_TRUE -> "true";
            case VALUE_FALSE -> "false";
            default -> "null";
        };
    }

    /** The beginning of a text that may come from anywhere. */
    static String shortened(String text) {
        return text.length() > LONGEST ? line(text.substring(0, LONGEST)) + "..." : line(text);
    }

    /** A text on one line, of characters that can be written. */
    static String line(String text) {
        StringBuilder line = new StringBuilder();
        for (int k = 0; k < text.length(); k++) {
            char c = text.charAt(k);
            line.append(Character.isISOControl(c) || Character.isSurrogate(c) ? '?' : c);
        }
        return line.toString();
    }
}
