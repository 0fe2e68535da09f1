package io.streamcell.chaos;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** What a run is made of. */
final class Versions {
    private static final List<String> JARS =
            List.of("flink-runtime", "flink-connector-kafka", "kafka_2.13", "frocksdbjni");

    private Versions() {}

    /** Versions of Java and of the jars that matter, as their files are named. */
    static String all() {
        String jars =
                Arrays.stream(System.getProperty("java.class.path").split(":"))
                        .map(path -> path.substring(path.lastIndexOf('/') + 1))
                        .filter(Versions::matters)
                        .map(jar -> jar.replaceFirst("\\.jar$", ""))
                        .sorted()
                        .collect(Collectors.joining(", "));
        return "Java %s, %s; %d cores"
                .formatted(
                        System.getProperty("java.version"),
                        jars,
                        Runtime.getRuntime().availableProcessors());
    }

    private static boolean matters(String jar) {
        return JARS.stream().anyMatch(name -> jar.matches(name.replace(".", "\\.") + "-\\d.*"));
    }
}
