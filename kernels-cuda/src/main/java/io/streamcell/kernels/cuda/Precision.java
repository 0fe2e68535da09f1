package io.streamcell.kernels.cuda;

import java.util.Locale;

/** What products multiply with, and how their tiles are made for a device. */
enum Precision {
    EXACT,
    TF32,
    BF16;

    static Precision of(String option) {
        return valueOf(option.toUpperCase(Locale.ROOT));
    }

    /** The least compute capability that has it. */
    int leastCapability() {
        return this == EXACT ? 75 : 80;
    }

    /** How weights are packed for the device's products. */
    Packing packing(Device.Properties device) {
        boolean groups = usesWarpGroups(device);
        return switch (this) {
            case EXACT -> Packing.EXACT;
            case TF32 -> groups ? Packing.WGMMA_TF32 : Packing.MMA_TF32;
            case BF16 -> groups ? Packing.WGMMA_BF16 : Packing.MMA_BF16;
        };
    }

    /** Whether the device multiplies by warp groups: 9.0 alone has wgmma. */
    boolean usesWarpGroups(Device.Properties device) {
        return this != EXACT && device.capability() == 90;
    }
}
