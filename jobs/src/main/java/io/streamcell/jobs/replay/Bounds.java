package io.streamcell.jobs.replay;

import java.io.Serializable;

/**
 * Whether there are events outside of the range that is scored again.
 *
 * @param beginsLater so that scores of earlier ones may have been recorded
 * @param endsEarlier so that scores of later ones may
 * @param continued whether streams go on from a savepoint, with all that had happened to them
 */
public record Bounds(boolean beginsLater, boolean endsEarlier, boolean continued)
        implements Serializable {
    private static final long serialVersionUID = 1;
}
