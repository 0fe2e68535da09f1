package io.streamcell.kernels.cuda;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The CUDA C++ that lies beside this class. */
final class Sources {
    private static final List<String> NAMES =
            List.of(
                    "device.cuh",
                    "functions.cuh",
                    "product.cuh",
                    "tensor.cuh",
                    "wgmma.cuh",
                    "warpgroup.cuh",
                    "cells.cuh",
                    "rows.cuh");

    private Sources() {}

    /** Every file's text by its name, as sources include it. */
    static Map<String, String> headers() {
        Map<String, String> headers = new LinkedHashMap<>();
        for (String name : NAMES) {
            try (InputStream stream = Sources.class.getResourceAsStream(name)) {
                headers.put(name, new String(stream.readAllBytes(), StandardCharsets.UTF_8));
            } catch (IOException e) {
                throw new UncheckedIOException(name + " must be readable beside its class", e);
            }
        }
        return headers;
    }
}
