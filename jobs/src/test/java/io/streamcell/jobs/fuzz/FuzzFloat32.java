package io.streamcell.jobs.fuzz;

/** What Jazzer calls: events in raw float32. */
public final class FuzzFloat32 {
    private static final FuzzedFormat FUZZED = FuzzedFormat.told(Format.FLOAT32);

    private FuzzFloat32() {}

    public static void fuzzerTestOneInput(byte[] text) {
        FUZZED.send(text);
    }
}
