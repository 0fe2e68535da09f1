package io.streamcell.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is scored twice is the same twice, and has everything in it. */
class FeedTest {
    private static final FeedSize SIZE = new FeedSize(20_000, 100, 3);

    @Test
    void aFeedIsTheSameWheneverItIsMade() {
        assertThat(lines(new Feed(SIZE))).isEqualTo(lines(new Feed(SIZE)));
        assertThat(lines(new Feed(SIZE)))
                .isNotEqualTo(lines(new Feed(new FeedSize(20_000, 100, 4))));
    }

    @Test
    void aFeedHasEveryKindOfEvent() {
        Feed feed = new Feed(SIZE);
        String all = String.join("\n", lines(feed));

        assertThat(all)
                .contains("\"event\":\"reset\"}")
                .contains("\"event\":\"reset\",\"at\":")
                .contains("\"event\":\"export\"")
                .contains("no numbers");
        assertThat(feed.byResetAll()).hasSizeGreaterThan(100).containsValues(true, false);
    }

    private static List<String> lines(Feed feed) {
        List<String> lines = new ArrayList<>();
        while (feed.hasNext()) {
            feed.next()
                    .undisturbed()
                    .forEach(line -> lines.add(new String(line, StandardCharsets.UTF_8)));
        }
        return lines;
    }
}
