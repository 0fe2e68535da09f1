package io.streamcell.jobs.json;

import com.fasterxml.jackson.core.JsonParser;
import io.streamcell.jobs.formats.Excerpts;
import java.io.IOException;

/** Tokens in words, for messages. */
final class Tokens {
    private Tokens() {}

    /** What the parser stands on: {@code a list}, {@code text "abc"}. */
    static String describe(JsonParser parser) throws IOException {
        return switch (parser.currentToken()) {
            case START_ARRAY, END_ARRAY -> "a list";
            case START_OBJECT, END_OBJECT -> "an object";
            case VALUE_STRING -> "text \"" + Excerpts.shortened(parser.getText()) + "\"";
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> Excerpts.shortened(parser.getText());
            case VALUE_TRUE -> "true";
            case VALUE_FALSE -> "false";
            default -> "null";
        };
    }
}
