package io.streamcell.operators;

import io.streamcell.models.NetworkSignature;
import io.streamcell.state.StreamState;

/**
 * Numbers a stream's chunks: which of their timesteps are old, and whether some are missing before
 * them.
 */
final class SequenceRules {
    private final SequencePolicy.OnGap onGap;
    private final boolean wholeChunks;

    SequenceRules(SequencePolicy.OnGap onGap, NetworkSignature signature) {
        this.onGap = onGap;
        this.wholeChunks = !signature.chunksMayBeCut() || signature.layout().restartsEveryChunk();
    }

    /**
     * Whether the chunk starts its stream afresh, so that it cannot be computed in one run with the
     * one before.
     */
    boolean resetsBefore(Pending chunk) {
        return onGap == SequencePolicy.OnGap.RESET && chunk.event.start() > chunk.resident.next;
    }

    /** What a chunk is to its stream. */
    enum Verdict {
        /** It is next, or its later part is. */
        SCORE,
        /** All of it was scored before. */
        OLD
    }

    /**
     * Numbers a chunk whose turn it is: sets its start and how many timesteps to skip, and moves
     * the stream on.
     *
     * @throws RejectedEventException if the chunk cannot be scored; nothing has changed then
     */
    Verdict begin(Pending chunk) {
        Resident resident = chunk.resident;
        long expected = resident.next;
        long start = chunk.event.start();
        if (start == StreamEvent.UNNUMBERED) {
            start = expected;
        }
        if (start + chunk.timesteps <= expected) {
            return Verdict.OLD;
        }
        if (start < expected && wholeChunks) {
            throw new RejectedEventException(
                    Reason.PARTLY_OLD,
                    "a chunk for a network that looks at whole chunks must be new from timestep %d on, got one from %d at stream %s"
                            .formatted(expected, start, resident.stream));
        }
        if (start > expected) {
            gap(chunk, expected);
        }
        chunk.skipped = (int) Math.max(0, expected - start);
        chunk.done = chunk.skipped;
        chunk.start = start + chunk.skipped;
        chunk.flags = resident.pendingFlags;
        resident.pendingFlags = 0;
        resident.next = start + chunk.timesteps;
        return Verdict.SCORE;
    }

    private void gap(Pending chunk, long expected) {
        Resident resident = chunk.resident;
        if (onGap == SequencePolicy.OnGap.REJECT) {
            throw new RejectedEventException(
                    Reason.GAP,
                    "a chunk must start at timestep %d, got %d at stream %s: are events missing?"
                            .formatted(expected, chunk.event.start(), resident.stream));
        }
        resident.pendingFlags |= StreamState.GAP;
        if (onGap == SequencePolicy.OnGap.RESET) {
            resident.pendingFlags |= StreamState.RESET;
        }
    }
}
