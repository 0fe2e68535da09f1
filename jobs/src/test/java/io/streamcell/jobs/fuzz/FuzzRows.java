package io.streamcell.jobs.fuzz;

/** What Jazzer calls: events in flat rows. */
public final class FuzzRows {
    private static final FuzzedFormat FUZZED = FuzzedFormat.told(Format.ROWS);

    private FuzzRows() {}

    public static void fuzzerTestOneInput(byte[] text) {
        FUZZED.send(text);
    }
}
