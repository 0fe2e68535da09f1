package io.streamcell.chaos;

import java.util.Locale;

/** Tells what happens, and when. */
final class Log {
    private final long began = System.nanoTime();

    /** Seconds since the run began. */
    double seconds() {
        return (System.nanoTime() - began) / 1e9;
    }

    /** Says a line with the time before it. */
    void say(String format, Object... values) {
        System.out.printf(
                Locale.ROOT,
                "%7.1f s  %s%n",
                seconds(),
                String.format(Locale.ROOT, format, values));
    }

    /** Says a line of a table. */
    void row(String name, String format, Object... values) {
        System.out.printf("%-18s %s%n", name, String.format(Locale.ROOT, format, values));
    }
}
