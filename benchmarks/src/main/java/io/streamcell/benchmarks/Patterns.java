package io.streamcell.benchmarks;

import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What {@code --only} names: cases whose whole name is as written, where * stands for any text. */
public final class Patterns {
    private Patterns() {}

    /** Whether a name is one of them; every name is where there are none. */
    public static Predicate<String> anyOf(List<String> globs) {
        List<Pattern> patterns = globs.stream().map(Patterns::pattern).toList();
        return name ->
                patterns.isEmpty()
                        || patterns.stream().anyMatch(pattern -> pattern.matcher(name).matches());
    }

    private static Pattern pattern(String glob) {
        return Pattern.compile(
                Stream.of(glob.split("\\*", -1))
                        .map(Pattern::quote)
                        .collect(Collectors.joining(".*")));
    }
}
