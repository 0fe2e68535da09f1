package io.streamcell.kernels.jni;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What the native kernels were compiled for, the least first. */
enum InstructionSet {
    PLAIN,
    AVX2,
    AVX512;

    /** As in the system property {@code streamcell.native.isa}. */
    String option() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Optional<InstructionSet> of(String option) {
        return Arrays.stream(values()).filter(set -> set.option().equals(option)).findFirst();
    }
}
