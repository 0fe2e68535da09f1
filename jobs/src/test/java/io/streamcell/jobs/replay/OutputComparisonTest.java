package io.streamcell.jobs.replay;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamcell.operators.OutputValues;
import io.streamcell.operators.Score;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Rows find their counterparts in whatever order they come, cut as they may. */
class OutputComparisonTest {
    private static final Bounds WHOLE = new Bounds(false, false, false);
    private static final int WIDTH = 2;

    private final List<String> lines = new ArrayList<>();
    private final Findings findings =
            new Findings(WHOLE, 1000, line -> lines.add(new String(line, StandardCharsets.UTF_8)));
    private final StreamComparison stream = new StreamComparison();
    private final OutputComparison output = stream.output("");

    OutputComparisonTest() {
        findings.look(stream, output);
    }

    /** Rows whose numbers say which timesteps they are. */
    private static Rows rows(int from, int to, String model, int flags) {
        float[] values = new float[(to - from) * WIDTH];
        for (int k = 0; k < values.length; k++) {
            values[k] = from * WIDTH + k;
        }
        return rows(from, values, model, flags);
    }

    private static Rows rows(int from, float[] values, String model, int flags) {
        OutputValues output =
                new OutputValues(null, values, values.length / WIDTH, true, List.of(WIDTH));
        return Rows.of(
                new Score("a", from, new long[] {}, List.of(output), model, flags, List.of()),
                true,
                Rows.NO_TIME);
    }

    private static Rows rows(int from, int to) {
        return rows(from, to, "m.exact1", 0);
    }

    /** A stream's rows, cut by chance. */
    private static List<Rows> cut(int end, Random random) {
        List<Rows> parts = new ArrayList<>();
        for (int at = 0; at < end; ) {
            int to = Math.min(end, at + 1 + random.nextInt(17));
            parts.add(rows(at, to));
            at = to;
        }
        return parts;
    }

    private long end() {
        output.end(WHOLE, findings);
        long all = 0;
        for (Difference difference : Difference.values()) {
            all += findings.count(difference).getLocalValue();
        }
        return all;
    }

    private long count(Difference difference) {
        return findings.count(difference).getLocalValue();
    }

    @Test
    void theSameIsTheSameInAnyOrderAndCutAnyhow() {
        Random random = new Random(11);
        for (int trial = 0; trial < 50; trial++) {
            OutputComparisonTest test = new OutputComparisonTest();
            List<Rows> recorded = cut(257, random);
            Collections.shuffle(recorded, random);
            List<Rows> scored = new ArrayList<>(cut(257, random));
            while (!scored.isEmpty() || !recorded.isEmpty()) {
                if (recorded.isEmpty() || !scored.isEmpty() && random.nextBoolean()) {
                    test.output.score(scored.remove(0), test.findings);
                } else {
                    test.output.record(recorded.remove(0), test.findings);
                }
            }

            assertThat(test.end()).isZero();
            assertThat(test.findings.same().getLocalValue()).isEqualTo(257);
            assertThat(test.output.scored.isEmpty()).isTrue();
            assertThat(test.output.recorded.isEmpty()).isTrue();
        }
    }

    @Test
    void whatIsMissingIsFoundWhereverItIs() {
        output.score(rows(0, 10), findings);
        output.record(rows(0, 4), findings);
        output.record(rows(7, 10), findings);

        assertThat(end()).isEqualTo(3);
        assertThat(count(Difference.MISSING)).isEqualTo(3);
        assertThat(lines)
                .containsExactly(
                        "{\"stream\":\"a\",\"timestep\":4,\"timesteps\":3,\"difference\":\"missing\",\"expected\":[8.0,9.0],\"found\":null}");
    }

    @Test
    void whatIsThereTwiceIsFoundAlsoInPart() {
        output.record(rows(0, 10), findings);
        output.record(rows(3, 5), findings);
        output.score(rows(0, 10), findings);

        assertThat(end()).isEqualTo(2);
        assertThat(count(Difference.DUPLICATE)).isEqualTo(2);
    }

    @Test
    void whatWasNotScoredAgainIsExtra() {
        output.record(rows(0, 12), findings);
        output.score(rows(0, 10), findings);

        assertThat(end()).isEqualTo(2);
        assertThat(count(Difference.EXTRA)).isEqualTo(2);
    }

    @Test
    void oneOtherBitIsOneDifference() {
        Rows other = rows(0, 10);
        other.values()[9] = Math.nextUp(other.values()[9]);
        output.record(other, findings);
        output.score(rows(0, 10), findings);

        assertThat(end()).isEqualTo(1);
        assertThat(findings.same().getLocalValue()).isEqualTo(9);
        assertThat(lines)
                .containsExactly(
                        "{\"stream\":\"a\",\"timestep\":4,\"difference\":\"outputs\",\"expected\":[8.0,9.0],\"found\":[8.0,9.000001]}");
    }

    @Test
    void flagsAndModelsAreComparedWhereTheNumbersAreTheSame() {
        output.score(rows(0, 5), findings);
        output.score(rows(5, 8, "m.exact1", 1), findings);
        output.score(rows(8, 9, "m.exact1", 0), findings);
        output.record(rows(0, 8), findings);
        output.record(rows(8, 9, "n.exact1", 0), findings);

        assertThat(end()).isEqualTo(4);
        assertThat(lines)
                .containsExactly(
                        "{\"stream\":\"a\",\"timestep\":5,\"timesteps\":3,\"difference\":\"flags\",\"expected\":[\"reset\"],\"found\":[]}",
                        "{\"stream\":\"a\",\"timestep\":8,\"difference\":\"model\",\"expected\":\"m.exact1\",\"found\":\"n.exact1\"}");
    }

    @Test
    void numbersThatBeginAgainFindTheirOwn() {
        float[] values = {9, 8, 7, 6, 5, 4, 3, 2};
        output.record(rows(0, 6), findings);
        output.record(rows(0, values, "m.exact1", 0), findings);
        output.score(rows(0, 6), findings);
        output.score(rows(0, values, "m.exact1", 0), findings);

        assertThat(end()).isZero();
        assertThat(findings.same().getLocalValue()).isEqualTo(10);
    }

    @Test
    void whatLiesOutsideOfTheRangeIsNotLookedAt() {
        Bounds part = new Bounds(true, true, false);
        output.record(rows(0, 20), findings);
        output.score(rows(5, 15), findings);
        output.end(part, findings);

        assertThat(findings.outside().getLocalValue()).isEqualTo(10);
        assertThat(findings.same().getLocalValue()).isEqualTo(10);
        assertThat(lines).isEmpty();
    }
}
