package io.streamcell.kernels.jni;

import io.streamcell.kernels.ParityContract;
import org.junit.jupiter.api.BeforeAll;

class NativeParityTest extends ParityContract {
    NativeParityTest() {
        super(new NativeProvider());
    }

    @BeforeAll
    static void onlyWhereTheLibraryWasBuilt() {
        NativeHere.assume();
    }
}
