package io.streamcell.jobs.fuzz;

import io.streamcell.operators.ExportedState;
import io.streamcell.operators.OutputRecord;
import io.streamcell.operators.Rejected;
import io.streamcell.operators.Score;
import io.streamcell.operators.StreamEvent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Numbers every stream's timesteps by itself, and judges by that what came out for an event: all
 * its new timesteps once and in order, or a reason.
 */
final class Numbers {
    private final boolean waiting;
    private final Map<String, Long> next = new HashMap<>();

    /**
     * @param waiting whether chunks may be held until those before them have come
     */
    Numbers(boolean waiting) {
        this.waiting = waiting;
    }

    Outcome judge(StreamEvent event, List<OutputRecord> records, List<Rejected> rejected) {
        List<Score> scores = new ArrayList<>();
        List<ExportedState> states = new ArrayList<>();
        for (OutputRecord record : records) {
            if (record instanceof Score score) {
                scores.add(score);
            } else if (record instanceof ExportedState state && state.flags() == 0) {
                states.add(state);
            }
        }
        if (!rejected.isEmpty()) {
            Promise.kept(
                    rejected.size() == 1 && (waiting || scores.isEmpty()) && states.isEmpty(),
                    "a rejected event makes one record, got %s and %s",
                    rejected,
                    records);
            return Outcome.REJECTED_BY_RULES;
        }
        Promise.kept(
                states.size() == (event.kind() == StreamEvent.Kind.EXPORT ? 1 : 0),
                "an export, and nothing else, makes one state, got %s of %s",
                states.size(),
                event.kind());
        return switch (event.kind()) {
            case CHUNK -> chunk(event, scores);
            case EXPORT -> Outcome.EXPORTED;
            case RESET -> reset(event, scores);
            case RECORDED -> throw new AssertionError("no reader makes a recorded score an event");
        };
    }

    private Outcome reset(StreamEvent event, List<Score> scores) {
        Promise.kept(waiting || scores.isEmpty(), "a reset makes no score, got %s", scores);
        if (event.start() != StreamEvent.UNNUMBERED) {
            return Outcome.RESET;
        }
        if (event.next() != StreamEvent.UNNUMBERED) {
            next.put(event.stream(), event.next());
        }
        released(event.stream(), scores);
        return Outcome.RESET;
    }

    private Outcome chunk(StreamEvent event, List<Score> scores) {
        long expected = next.getOrDefault(event.stream(), 0L);
        long start = event.start() == StreamEvent.UNNUMBERED ? expected : event.start();
        int rows = event.inputs().get(0).rows();
        if (waiting) {
            released(event.stream(), scores);
            if (!scores.isEmpty()) {
                return Outcome.SCORED;
            }
            return start + rows <= expected ? Outcome.DUPLICATE : held(start, expected);
        }
        if (scores.isEmpty()) {
            Promise.kept(
                    start + rows <= expected,
                    "a chunk of %s from %s on is scored where %s is next, got nothing",
                    rows,
                    start,
                    expected);
            return Outcome.DUPLICATE;
        }
        long at = Math.max(start, expected);
        long end = start + rows;
        for (int k = 0; k < scores.size(); k++) {
            Promise.kept(
                    scores.get(k).start() == at,
                    "scores go on at %s, got one from %s on",
                    at,
                    scores.get(k).start());
            boolean timed = scores.get(k).outputs().get(0).perTimestep();
            at = timed ? at + scores.get(k).outputs().get(0).rows() : after(scores, k, end);
        }
        Promise.kept(at == end, "scores end before %s, got %s", end, at);
        next.put(event.stream(), end);
        return Outcome.SCORED;
    }

    private static long after(List<Score> scores, int number, long end) {
        return number + 1 < scores.size() ? scores.get(number + 1).start() : end;
    }

    private static Outcome held(long start, long expected) {
        Promise.kept(
                start > expected,
                "a chunk from %s on is scored where %s is next, got nothing",
                start,
                expected);
        return Outcome.HELD;
    }

    /** Notes a calm chunk without a number. */
    void calm(String stream, int rows) {
        next.merge(stream, (long) rows, Long::sum);
    }

    /** Notes scores that came when they could, each behind the one before. */
    void released(String stream, List<Score> scores) {
        for (Score score : scores) {
            long expected = next.getOrDefault(stream, 0L);
            Promise.kept(
                    score.start() >= expected,
                    "no timestep is scored twice, got %s again where %s is next",
                    score.start(),
                    expected);
            next.put(stream, score.start() + score.outputs().get(0).rows());
        }
    }

    /** What event time did: chunks let go, streams given up. */
    void onTime(List<OutputRecord> records) {
        for (OutputRecord record : records) {
            if (record instanceof Score score) {
                released(score.stream(), List.of(score));
            } else {
                next.remove(record.stream());
            }
        }
    }
}
