package io.streamcell.jobs.fuzz;

/** What Jazzer calls: events in Avro. */
public final class FuzzAvro {
    private static final FuzzedFormat FUZZED = FuzzedFormat.told(Format.AVRO);

    private FuzzAvro() {}

    public static void fuzzerTestOneInput(byte[] text) {
        FUZZED.send(text);
    }
}
