package io.streamcell.kernels.nd4j;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** Tests that compute run where ND4J has native libraries; elsewhere the reason is shown. */
final class Nd4jHere {
    private Nd4jHere() {}

    static void assume() {
        Backend.unavailable().ifPresent(reason -> assumeTrue(false, reason));
    }
}
