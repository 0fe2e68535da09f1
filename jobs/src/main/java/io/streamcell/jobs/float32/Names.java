package io.streamcell.jobs.float32;

import io.streamcell.operators.Header;
import java.util.List;
import java.util.Set;

/** The headers that the format has for itself; all others are the user's and are passed on. */
final class Names {
    static final String STREAM = "stream";
    static final String START = "start";
    static final String TIME = "time";
    static final String EVENT = "event";
    static final String MODEL = "model";
    static final String INPUTS = "inputs";
    static final String STATE = "state";
    static final String NEXT = "next";
    static final String AT = "at";
    static final String OUTPUT = "output";
    static final String SHAPE = "shape";
    static final String FLAGS = "flags";

    private static final Set<String> READ =
            Set.of(STREAM, START, TIME, EVENT, MODEL, INPUTS, STATE, NEXT, AT);
    private static final Set<String> WRITTEN =
            Set.of(START, TIME, EVENT, MODEL, STATE, NEXT, OUTPUT, SHAPE, FLAGS);

    private Names() {}

    /** Whether an event's header is the format's. */
    static boolean isRead(String key) {
        return READ.contains(key);
    }

    /** The headers that are not those of an event. */
    static List<Header> besideRead(List<Header> headers) {
        return without(READ, headers);
    }

    /** The headers that cannot be taken for those of a score or a state. */
    static List<Header> besideWritten(List<Header> headers) {
        return without(WRITTEN, headers);
    }

    private static List<Header> without(Set<String> names, List<Header> headers) {
        return headers.stream().filter(header -> !names.contains(header.key())).toList();
    }
}
