package io.streamcell.jobs.fuzz;

/** What must hold for every record, or the fuzzer has found something. */
final class Promise {
    private Promise() {}

    /**
     * @throws AssertionError with the message if it does not hold
     */
    @SuppressWarnings("AnnotateFormatMethod") // the annotation would be one more dependency
    static void kept(boolean holds, String message, Object... of) {
        if (!holds) {
            throw new AssertionError("it must be that " + message.formatted(of));
        }
    }
}
