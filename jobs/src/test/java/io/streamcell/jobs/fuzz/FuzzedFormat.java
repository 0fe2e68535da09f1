package io.streamcell.jobs.fuzz;

import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;

/** All settings in one format. */
final class FuzzedFormat {
    private final Format format;
    private final Map<Setting, FuzzedJob> jobs = new EnumMap<>(Setting.class);
    private long records;

    FuzzedFormat(Format format) {
        this.format = format;
    }

    /** One that says at the end of the JVM what became of all records. */
    static FuzzedFormat told(Format format) {
        FuzzedFormat fuzzed = new FuzzedFormat(format);
        Runtime.getRuntime().addShutdownHook(new Thread(fuzzed::tell));
        return fuzzed;
    }

    private void tell() {
        System.err.printf("%s: %d records%n", format, records);
        counts().forEach((outcome, count) -> System.err.printf("  %9d %s%n", count, outcome));
    }

    /** Sends the record that bytes stand for: as its text, or else as its recipe. */
    void send(byte[] bytes) {
        byte[] text = HostileRecord.is(bytes) ? bytes : Recipe.text(format, bytes);
        HostileRecord record = HostileRecord.parse(text);
        FuzzedJob job =
                jobs.computeIfAbsent(
                        Setting.of(record.setting()), setting -> new FuzzedJob(format, setting));
        records++;
        try {
            job.send(record);
        } catch (Exception e) {
            throw new IllegalStateException("a job must live, whatever is sent to it", e);
        }
    }

    long records() {
        return records;
    }

    /** How many records had which outcome, over all settings. */
    Map<String, Long> counts() {
        Map<String, Long> counts = new TreeMap<>();
        for (FuzzedJob job : jobs.values()) {
            job.counts().forEach((outcome, count) -> counts.merge(outcome, count, Long::sum));
        }
        return counts;
    }
}
