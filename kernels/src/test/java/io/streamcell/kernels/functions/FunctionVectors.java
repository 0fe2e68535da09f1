package io.streamcell.kernels.functions;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;

/**
 * Inputs and outputs of every exact function, as bits; {@code functions.c} beside the file made
 * them.
 */
public final class FunctionVectors {
    private FunctionVectors() {}

    /** One value and what a function makes of it. */
    public record Vector(int input, int output) {}

    /** The vectors of each function, by name. */
    public static Map<String, List<Vector>> all() throws IOException {
        Map<String, List<Vector>> all = new LinkedHashMap<>();
        try (BufferedReader lines =
                new BufferedReader(
                        new InputStreamReader(
                                new GZIPInputStream(
                                        FunctionVectors.class.getResourceAsStream(
                                                "vectors.csv.gz")),
                                StandardCharsets.US_ASCII))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                String[] fields = line.split(",");
                all.computeIfAbsent(fields[0], name -> new ArrayList<>())
                        .add(
                                new Vector(
                                        Integer.parseUnsignedInt(fields[1], 16),
                                        Integer.parseUnsignedInt(fields[2], 16)));
            }
        }
        return all;
    }
}
