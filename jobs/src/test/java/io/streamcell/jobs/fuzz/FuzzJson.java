package io.streamcell.jobs.fuzz;

/** What Jazzer calls: events in JSON. */
public final class FuzzJson {
    private static final FuzzedFormat FUZZED = FuzzedFormat.told(Format.JSON);

    private FuzzJson() {}

    public static void fuzzerTestOneInput(byte[] text) {
        FUZZED.send(text);
    }
}
