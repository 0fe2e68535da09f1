package io.streamcell.chaos;

import java.util.NavigableSet;
import java.util.TreeSet;

/** Where one stream of the feed stands. */
final class Track {
    final String stream;

    /** The timestep that comes next. */
    long next;

    /** The reset-alls before this number are behind the stream. */
    int resetAllsSeen;

    /** A reset was sent, and no timestep since. */
    boolean reset;

    /** Timesteps before which resets are announced. */
    final NavigableSet<Long> announced = new TreeSet<>();

    Track(String stream) {
        this.stream = stream;
    }
}
