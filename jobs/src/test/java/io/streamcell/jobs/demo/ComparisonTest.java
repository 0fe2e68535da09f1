package io.streamcell.jobs.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ComparisonTest {
    @Test
    void theSameRecordsAreTheSameEvenWhereOneComesTwiceByRight() {
        assertThat(of("a b b c", "a b b c")).isEqualTo(new Comparison(4, 0, 0, 0));
    }

    @Test
    void whatIsMissingIsLost() {
        assertThat(of("a b c", "a c")).isEqualTo(new Comparison(2, 1, 0, 0));
    }

    @Test
    void whatComesOnceMoreIsDoubled() {
        assertThat(of("a b c", "a b c b")).isEqualTo(new Comparison(4, 0, 1, 0));
    }

    @Test
    void whatIsNotThereOrElsewhereIsDifferent() {
        assertThat(of("a b", "a x")).isEqualTo(new Comparison(2, 1, 0, 1));
        assertThat(of("a b c", "a c b")).isEqualTo(new Comparison(3, 0, 0, 2));
    }

    private static Comparison of(String expected, String found) {
        return Comparison.of(Map.of("s", records(expected)), Map.of("s", records(found)));
    }

    private static List<byte[]> records(String words) {
        return Stream.of(words.split(" "))
                .map(word -> word.getBytes(StandardCharsets.UTF_8))
                .toList();
    }
}
