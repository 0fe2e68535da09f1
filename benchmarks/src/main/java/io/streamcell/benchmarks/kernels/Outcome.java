package io.streamcell.benchmarks.kernels;

import io.streamcell.benchmarks.Measurement;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What a case came to.
 *
 * @param measurements of ours, of the peers, and of the core's peak
 * @param absent subjects that could not take part, and why
 */
record Outcome(Workload workload, List<Measurement> measurements, Map<String, String> absent) {
    Outcome {
        measurements = List.copyOf(measurements);
        absent = Collections.unmodifiableMap(new LinkedHashMap<>(absent));
    }

    static boolean isOurs(String subject) {
        return subject.startsWith(Provider.PREFIX);
    }

    Optional<Measurement> of(String subject) {
        return measurements.stream().filter(each -> each.subject().equals(subject)).findFirst();
    }

    /** The fastest of our providers. */
    Optional<Measurement> ours() {
        return measurements.stream()
                .filter(each -> isOurs(each.subject()))
                .max(Comparator.comparingDouble(Measurement::rate));
    }

    /** The fastest of the others. */
    Optional<Measurement> peer() {
        return measurements.stream()
                .filter(each -> !isOurs(each.subject()) && !each.subject().equals(Contest.PEAK))
                .max(Comparator.comparingDouble(Measurement::rate));
    }

    /** The fastest of ours against the best peer. */
    OptionalDouble ratio() {
        return ours().isPresent() && peer().isPresent()
                ? OptionalDouble.of(ours().get().rate() / peer().get().rate())
                : OptionalDouble.empty();
    }

    /** The same without a subject. */
    Outcome without(String subject) {
        List<Measurement> others =
                measurements.stream().filter(each -> !each.subject().equals(subject)).toList();
        return new Outcome(workload, others, absent);
    }

    /** One subject against another, where both took part. */
    OptionalDouble ratio(String subject, String other) {
        return of(subject).isPresent() && of(other).isPresent()
                ? OptionalDouble.of(of(subject).get().rate() / of(other).get().rate())
                : OptionalDouble.empty();
    }

    /** GFLOP/s of a rate in the workload's unit. */
    double gigaflops(double rate) {
        return rate / workload.workPerCall() * workload.gigaflopsPerCall();
    }

    /** What a subject's matrix products reach of the core's peak. */
    OptionalDouble peakShare(String subject) {
        return of(subject).isPresent() && of(Contest.PEAK).isPresent()
                ? OptionalDouble.of(
                        gigaflops(of(subject).get().rate()) / of(Contest.PEAK).get().rate())
                : OptionalDouble.empty();
    }
}
