package io.streamcell.operators;

import io.streamcell.models.NetworkSignature;
import io.streamcell.state.StreamState;
import java.util.Arrays;
import java.util.stream.Stream;
import org.apache.flink.configuration.ConfigOption;

/**
 * Numbers a stream's chunks: which of their timesteps are old, whether some are missing before
 * them, and where the stream is reset or its model changes. Such a place inside a chunk cuts it in
 * two, where the network has one time axis; where it has several, it waits for the next chunk.
 */
final class SequenceRules {
    /** Resets that are held for one stream. */
    static final int MOST_HELD_RESETS = 1024;

    private final ResetAlls resetAlls;
    private final HeldChunks heldChunks;
    private final ModelVersions versions;
    private final SequencePolicy.OnGap onGap;
    private final long idleMillis;
    private final long ttlMillis;
    private final boolean wholeChunks;
    private final boolean oneAxis;

    /** An option that needs event times; null where there is none. */
    private final String needsTime;

    SequenceRules(
            ScoringOptions options,
            NetworkSignature signature,
            ResetAlls resetAlls,
            HeldChunks heldChunks,
            ModelVersions versions) {
        this.versions = versions;
        this.resetAlls = resetAlls;
        this.heldChunks = heldChunks;
        this.needsTime =
                Stream.of(
                                ScoringOptions.IDLE_RESET,
                                ScoringOptions.STATE_TTL,
                                ScoringOptions.MAX_WAIT)
                        .filter(option -> options.value(option) != null)
                        .map(ConfigOption::key)
                        .findFirst()
                        .orElse(null);
        this.onGap = options.value(ScoringOptions.ON_GAP);
        this.idleMillis = options.millis(ScoringOptions.IDLE_RESET);
        this.ttlMillis = options.millis(ScoringOptions.STATE_TTL);
        this.wholeChunks = !signature.chunksMayBeCut() || signature.layout().restartsEveryChunk();
        this.oneAxis = signature.axes() == 1;
    }

    /**
     * Whether the chunk starts its stream afresh, or under another model, so that it cannot be
     * computed in one run with the one before.
     */
    boolean resetsBefore(Pending chunk) {
        if (chunk.later) {
            return true;
        }
        Resident resident = chunk.resident;
        long start = start(chunk);
        if (start + chunk.timesteps <= resident.next) {
            return false;
        }
        resetAlls.show(resident);
        long first = Math.max(start, resident.next);
        long time = time(chunk, (int) (first - start));
        return onGap == SequencePolicy.OnGap.RESET && start > resident.next
                || due(resident.heldResets, first)
                || due(resident.heldTimes, time)
                || silence(time, resident.lastTime) != 0
                || told(resident, first) != 0
                || change(resident, resident.modelChange, first, time) > 0;
    }

    private static long start(Pending chunk) {
        long start = chunk.event.start();
        return start == StreamEvent.UNNUMBERED ? chunk.resident.next : start;
    }

    /** Whether the first of held resets is due at a timestep, or a time. */
    private static boolean due(long[] held, long now) {
        return held.length > 0 && held[0] <= now;
    }

    /** What too long a silence before a timestep does to the stream, as flags. */
    private int silence(long time, long last) {
        if (last == StreamState.NO_TIME || time <= last) {
            return 0;
        }
        // More than the longest there is, where the difference overflows.
        long silence = time - last < 0 ? Long.MAX_VALUE : time - last;
        return (silence > idleMillis ? StreamState.IDLE : 0)
                | (silence > ttlMillis ? StreamState.EXPIRED : 0);
    }

    private boolean watchesSilence() {
        return Math.min(idleMillis, ttlMillis) != Long.MAX_VALUE;
    }

    /** A timestep's event time; {@code Long.MIN_VALUE} for none. */
    private static long time(Pending chunk, int timestep) {
        long[] times = chunk.event.times();
        return times.length == 0 ? chunk.timestamp : times[times.length == 1 ? 0 : timestep];
    }

    /**
     * Whether a chunk may have to wait, or others before it need not any longer, so that it cannot
     * be computed in one run with the one before.
     */
    boolean mayWait(Pending chunk) {
        return chunk.resident.held != null
                || heldChunks.applies() && start(chunk) > chunk.resident.next;
    }

    /** The last event time of a chunk; {@code Long.MIN_VALUE} for none. */
    static long lastTime(Pending chunk) {
        return chunk.event.timed() ? chunk.event.lastTime() : chunk.timestamp;
    }

    /** What a chunk is to its stream. */
    enum Verdict {
        /** It is next, or its later part is. */
        SCORE,
        /** All of it was scored before. */
        OLD,
        /** It is to wait for the timesteps before it. */
        EARLY
    }

    /**
     * Numbers a chunk whose turn it is: sets its start and how many timesteps to skip, cuts it
     * where the stream is reset, and moves the stream on.
     *
     * @throws RejectedEventException if the chunk cannot be scored; nothing has changed then
     */
    Verdict begin(Pending chunk) {
        Resident resident = chunk.resident;
        long expected = resident.next;
        long start = start(chunk);
        if (start + chunk.timesteps <= expected) {
            return Verdict.OLD;
        }
        if (start < expected && wholeChunks) {
            throw new RejectedEventException(
                    Reason.PARTLY_OLD,
                    "a chunk for a network that looks at whole chunks must be new from timestep %d on, got one from %d at stream %s"
                            .formatted(expected, start, resident.stream));
        }
        if (needsTime != null && time(chunk, 0) == Long.MIN_VALUE) {
            throw new RejectedEventException(
                    Reason.TIME,
                    "a chunk must have a time where %s is set, got none at stream %s"
                            .formatted(needsTime, resident.stream));
        }
        boolean waitedThen = (told(resident, start) & StreamState.GAP) != 0;
        if (start > expected
                && !chunk.waited
                && !waitedThen
                && heldChunks.waits(resident, lastTime(chunk))) {
            return Verdict.EARLY;
        }
        if (start > expected) {
            gap(chunk, expected);
        }
        chunk.skipped = (int) Math.max(0, expected - start);
        chunk.done = chunk.skipped;
        chunk.start = start + chunk.skipped;
        resetAlls.show(resident);
        long time = time(chunk, chunk.skipped);
        int why = silence(time, resident.lastTime) | takeDue(resident, chunk.start, time);
        why |= happened(resident, chunk.start, resident.pendingFlags | why);
        chunk.resets = why != 0 || onGap == SequencePolicy.OnGap.RESET && start > expected;
        chunk.change = change(resident, resident.modelChange, chunk.start, time);
        int told = told(resident, chunk.start);
        if (chunk.change > 0 && (resident.known || (told & StreamState.MODEL) != 0)) {
            why |= StreamState.MODEL;
        }
        chunk.flags = resident.pendingFlags | why;
        resident.pendingFlags = 0;
        resident.known = true;
        resident.next = start + chunk.timesteps;
        if (oneAxis) {
            cut(chunk, start);
        }
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

    /**
     * Cuts the chunk before every timestep behind its first that the stream is reset before, or
     * from which on another model scores it.
     */
    private void cut(Pending chunk, long start) {
        Resident resident = chunk.resident;
        boolean timed = chunk.event.times().length > 1;
        boolean silences = timed && watchesSilence();
        boolean held = timed && (resident.heldTimes.length > 0 || versions.change());
        boolean told =
                resident.recorded != null
                        && resident.recorded.boundary(chunk.start + 1, resident.next);
        if (!silences && !held && !told && !due(resident.heldResets, resident.next - 1)) {
            return;
        }
        int end = chunk.timesteps;
        long last = Math.max(resident.lastTime, time(chunk, chunk.skipped));
        Pending part = chunk;
        long model = Math.max(resident.modelChange, chunk.change);
        for (int k = chunk.skipped + 1; k < end; k++) {
            long time = time(chunk, k);
            int why = takeDue(resident, start + k, time);
            if (silences) {
                why |= silence(time, last);
            }
            why |= happened(resident, start + k, why);
            last = Math.max(last, time);
            long change = change(resident, model, start + k, time);
            model = Math.max(model, change);
            if (why != 0 || change > 0) {
                part = part.cut(k, why, change);
            }
        }
    }

    /** Takes the held resets that are due before a timestep; what they are, as flags. */
    private static int takeDue(Resident resident, long timestep, long time) {
        int why = 0;
        if (due(resident.heldResets, timestep)) {
            resident.heldResets = after(resident.heldResets, timestep);
            why |= StreamState.RESET;
        }
        if (due(resident.heldTimes, time) && resetAllThen(resident, timestep)) {
            resident.heldTimes = after(resident.heldTimes, time);
            why |= StreamState.RESET_ALL;
        }
        return why;
    }

    /** What was recorded of a timestep, where that is known. */
    private static Recorded recorded(Resident resident, long timestep) {
        return resident.recorded == null ? null : resident.recorded.at(timestep);
    }

    /**
     * Whether a reset of all that is due before a timestep came in time for it when it was
     * recorded; where that was lost, unless it is recorded to have come later.
     */
    private static boolean resetAllThen(Resident resident, long timestep) {
        if (resident.recorded == null) {
            return true;
        }
        return resident.recorded.at(timestep) == null
                ? !resident.recorded.happensAfter(timestep, StreamState.RESET_ALL)
                : (told(resident, timestep) & StreamState.RESET_ALL) != 0;
    }

    /** What was recorded to have happened right before a timestep, as flags. */
    private static int told(Resident resident, long timestep) {
        return resident.recorded == null ? 0 : resident.recorded.flags(timestep);
    }

    /**
     * Of what was recorded to have happened before a timestep what resets the stream. A reset that
     * its events bring is theirs, since it may be one to a given state.
     *
     * @param known what happens before it by its events and the rules
     */
    private static int happened(Resident resident, long timestep, int known) {
        int told = told(resident, timestep);
        boolean reset = (known & (StreamState.RESET | StreamState.NOT_FINITE)) != 0;
        return told & (StreamState.RESET_ALL | StreamState.IDLE | StreamState.EXPIRED)
                | (reset ? 0 : told & StreamState.RESET);
    }

    /** The change of model that a stream is to go through before a timestep; 0 for none. */
    private long change(Resident resident, long seen, long timestep, long time) {
        if (!versions.change()) {
            return 0;
        }
        Recorded score = recorded(resident, timestep);
        if (score != null && score.model() != Recorded.ANY) {
            boolean then = (told(resident, timestep) & StreamState.MODEL) != 0;
            return then || !versions.is(seen, score.model())
                    ? versions.next(seen, score.model())
                    : 0;
        }
        Recorded next = resident.recorded == null ? null : resident.recorded.after(timestep);
        // What is recorded next says whether it was before the timestep that it changed, or then.
        boolean later =
                next != null
                        && next.model() != Recorded.ANY
                        && ((next.flags() & StreamState.MODEL) != 0
                                || versions.is(seen, next.model()));
        return later ? 0 : versions.due(seen, time);
    }

    private static long[] after(long[] held, long now) {
        int count = 0;
        while (count < held.length && held[count] <= now) {
            count++;
        }
        return Arrays.copyOfRange(held, count, held.length);
    }

    /**
     * Holds a reset until its timestep.
     *
     * @return false if that timestep was scored already
     * @throws RejectedEventException if too many are held
     */
    boolean hold(Resident resident, long timestep) {
        if (timestep < resident.next) {
            return false;
        }
        long[] held = resident.heldResets;
        int place = Arrays.binarySearch(held, timestep);
        if (place >= 0) {
            return true;
        }
        if (held.length == MOST_HELD_RESETS) {
            throw new RejectedEventException(
                    Reason.TOO_MANY_RESETS,
                    "at most %d resets may be announced, got one more before timestep %d at stream %s"
                            .formatted(MOST_HELD_RESETS, timestep, resident.stream));
        }
        long[] more = Arrays.copyOf(held, held.length + 1);
        System.arraycopy(held, -place - 1, more, -place, held.length + place + 1);
        more[-place - 1] = timestep;
        resident.heldResets = more;
        resident.known = true;
        return true;
    }

    /**
     * Notes that a stream is reset now: what came before, for every stream and up to now, is behind
     * it.
     *
     * @param time of the event, or {@code Long.MIN_VALUE} for none
     */
    void resetNow(Resident resident, long time) {
        resetAlls.show(resident);
        resident.heldTimes = after(resident.heldTimes, time);
    }

    /** Gives the next timestep a number; resets that were held for those left out are forgotten. */
    void jump(Resident resident, long next) {
        resident.next = next;
        resident.heldResets = after(resident.heldResets, next - 1);
    }
}
