package io.streamcell.benchmarks.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamcell.benchmarks.Measurement;
import io.streamcell.kernels.KernelProviders;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ContestTest {
    private static final Contest.Timing SHORT = new Contest.Timing(1, 0, 1);

    @ParameterizedTest
    @EnumSource(Workload.Kind.class)
    void everyPeerComputesWhatTheReferenceDoes(Workload.Kind kind) {
        Workload workload = new Workload(kind, 5, 9, 3, 4);
        List<Library> libraries = new ArrayList<>();
        libraries.add(new Provider(KernelProviders.choose("reference").provider()));
        libraries.add(new Provider(KernelProviders.choose("vector").provider()));
        libraries.addAll(KernelsCommand.peers());
        Outcome outcome = new Contest(libraries, SHORT).run(workload);
        // A peer without a native part for this machine is absent; none may compute otherwise.
        assertThat(outcome.absent().values())
                .noneMatch(reason -> reason.contains("outputs must be"));
        assertThat(outcome.of("streamcell-vector")).isPresent();
        assertThat(outcome.of(Contest.PEAK)).isPresent();
        if (System.getProperty("os.name").equals("Linux")
                && System.getProperty("os.arch").equals("amd64")) {
            assertThat(outcome.absent()).isEmpty();
            assertThat(outcome.measurements())
                    .extracting(Measurement::subject)
                    .containsAll(
                            libraries.stream()
                                    .filter(library -> library.computes(workload))
                                    .map(Library::name)
                                    .toList());
        }
    }

    @Test
    void whoComputesSomethingElseIsAbsentAndTheReasonIsSaid() {
        Workload workload = new Workload(Workload.Kind.LSTM, 1, 1, 1, 1);
        Library right = library("right", 1f);
        Library wrong = library("wrong", 1.5f);
        Library nan = library("nan", Float.NaN);
        Library broken =
                new Fake("broken") {
                    @Override
                    public Subject open(Task task) {
                        throw new UnsatisfiedLinkError("no such library\nin these folders");
                    }
                };
        Outcome outcome = new Contest(List.of(right, wrong, nan, broken), SHORT).run(workload);
        assertThat(outcome.measurements())
                .extracting(Measurement::subject)
                .containsExactly("right", Contest.PEAK);
        String name = workload.name();
        assertThat(outcome.absent())
                .containsEntry(
                        "wrong",
                        "outputs must be ours within 1.0E-4, got a difference of 0.5 in " + name)
                .containsEntry(
                        "nan",
                        "outputs must be ours within 1.0E-4, got a difference of NaN in " + name)
                .containsEntry("broken", "no such library");
    }

    private static Library library(String name, float output) {
        return new Fake(name) {
            @Override
            public Subject open(Task task) {
                return new Subject() {
                    @Override
                    public void advance() {}

                    @Override
                    public float[] outputs() {
                        return new float[] {output};
                    }

                    @Override
                    public void close() {}
                };
            }
        };
    }

    private abstract static class Fake implements Library {
        private final String name;

        Fake(String name) {
            this.name = name;
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public boolean computes(Workload workload) {
            return true;
        }
    }
}
