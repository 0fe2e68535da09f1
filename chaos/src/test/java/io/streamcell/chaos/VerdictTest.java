package io.streamcell.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamcell.jobs.demo.Comparison;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The judge is not blind. */
class VerdictTest {
    private static final List<String> SCORES =
            IntStream.range(0, 5)
                    .mapToObj(
                            "{\"stream\":\"s\",\"start\":%d,\"outputs\":[[0.25]],\"model\":\"m1\"}"
                                    ::formatted)
                    .toList();

    @Test
    void theSameRecordsAreTheSame() {
        Verdict verdict = Verdict.of(records(SCORES, "x", "y"), records(SCORES, "y", "x"));

        assertThat(verdict)
                .isEqualTo(new Verdict(new Comparison(5, 0, 0, 0), new Comparison(2, 0, 0, 0)));
        assertThat(verdict.same()).isTrue();
    }

    @Test
    void aLostScoreIsSeen() {
        assertThat(of(SCORES.subList(1, 5))).isEqualTo(new Comparison(4, 1, 0, 0));
    }

    @Test
    void aDoubledScoreIsSeen() {
        assertThat(of(Stream.concat(SCORES.stream(), SCORES.stream().limit(1)).toList()))
                .isEqualTo(new Comparison(6, 0, 1, 0));
    }

    @Test
    void aScoreWithAnotherLastDigitIsSeen() {
        List<String> changed =
                SCORES.stream()
                        .map(
                                s ->
                                        s.replace(
                                                "{\"stream\":\"s\",\"start\":3,\"outputs\":[[0.25",
                                                "{\"stream\":\"s\",\"start\":3,\"outputs\":[[0.24"))
                        .toList();

        assertThat(of(changed)).isEqualTo(new Comparison(5, 1, 0, 1));
    }

    @Test
    void scoresOfAStreamInAnotherOrderAreSeen() {
        assertThat(of(Stream.of(0, 1, 3, 2, 4).map(SCORES::get).toList()))
                .isEqualTo(new Comparison(5, 0, 0, 2));
    }

    @Test
    void aRejectedRecordThatIsLostOrDoubledIsSeen() {
        Records expected = records(SCORES, "x", "y");

        assertThat(Verdict.of(expected, records(SCORES, "x")).same()).isFalse();
        assertThat(Verdict.of(expected, records(SCORES, "x", "y", "y")).same()).isFalse();
    }

    @Test
    void aRunTriesItsOwnComparison() {
        assertThat(Verdict.wouldSee(records(SCORES), records(SCORES))).isTrue();
        assertThat(new String(Verdict.withAnotherBit(bytes(SCORES.get(0))), StandardCharsets.UTF_8))
                .isEqualTo("{\"stream\":\"s\",\"start\":0,\"outputs\":[[0.24]],\"model\":\"m1\"}");
    }

    private static Comparison of(List<String> found) {
        return Verdict.of(records(SCORES), records(found)).scores();
    }

    private static Records records(List<String> scores, String... rejected) {
        return new Records(
                Map.of("s", scores.stream().map(VerdictTest::bytes).toList()),
                Map.of("rejected", Stream.of(rejected).map(VerdictTest::bytes).toList()));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
