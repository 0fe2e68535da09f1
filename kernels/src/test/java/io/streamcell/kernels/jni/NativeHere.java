package io.streamcell.kernels.jni;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** Native kernels are tested where the build could make them; elsewhere the reason is shown. */
final class NativeHere {
    private NativeHere() {}

    static void assume() {
        NativeLibrary.unavailable().ifPresent(reason -> assumeTrue(false, reason));
    }
}
