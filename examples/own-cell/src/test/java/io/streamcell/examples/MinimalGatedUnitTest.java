package io.streamcell.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.streamcell.kernels.Batch;
import io.streamcell.kernels.KernelOptions;
import io.streamcell.kernels.KernelProvider;
import io.streamcell.kernels.KernelProviders;
import io.streamcell.kernels.NetworkKernel;
import io.streamcell.kernels.StateSlab;
import io.streamcell.kernels.nd4j.Nd4jProvider;
import io.streamcell.models.Carry;
import io.streamcell.models.Models;
import io.streamcell.models.Network;
import io.streamcell.models.NetworkSignature;
import io.streamcell.models.TensorWeights;
import io.streamcell.models.UnsupportedModelException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class MinimalGatedUnitTest {
    private static final int FEATURES = 3;

    @BeforeEach
    void assume() {
        new Nd4jProvider().unavailable().ifPresent(reason -> assumeTrue(false, reason));
    }

    @Test
    void chunksGiveTheOutputsOfKerasWithTheFastestProviderBesideIt() throws IOException {
        check(KernelProviders.choose(KernelProviders.AUTO).provider());
    }

    @Test
    void chunksGiveTheOutputsOfKerasWithNd4jAlone() throws IOException {
        check(new Nd4jProvider());
    }

    /** One event at a time, each stream in a slot that keeps its state between chunks. */
    private static void check(KernelProvider provider) throws IOException {
        Network network = Models.read(Path.of("mgu.keras"));
        NetworkSignature signature = network.signature(Carry.ALWAYS);
        List<JsonNode> events = lines("events.jsonl");
        List<JsonNode> expected = lines("expected.jsonl");
        Map<String, Integer> slots = new LinkedHashMap<>();
        try (NetworkKernel kernel =
                        KernelProviders.compile(
                                provider, network, signature.layout(), KernelOptions.exact());
                StateSlab slab = kernel.newSlab(3)) {
            Batch batch = new Batch(signature);
            for (int k = 0; k < events.size(); k++) {
                String stream = events.get(k).get("stream").asText();
                if (!slots.containsKey(stream)) {
                    slots.put(stream, slots.size());
                    slab.reset(slots.get(stream));
                }
                float[] inputs = floats(events.get(k).get("values"));
                batch.clear();
                batch.add(slots.get(stream), inputs.length / FEATURES);
                System.arraycopy(inputs, 0, batch.input(0), 0, inputs.length);
                kernel.advance(slab, batch);
                float[] outputs = floats(expected.get(k).get("outputs"));
                for (int n = 0; n < outputs.length; n++) {
                    assertThat(batch.output(0)[n])
                            .as("event %d, value %d", k, n)
                            .isCloseTo(outputs[n], within(1e-5f));
                }
            }
        }
    }

    @Test
    void otherArraysAreRefused() {
        List<TensorWeights> weights = List.of(new TensorWeights(List.of(3, 8), new float[24]));
        assertThatThrownBy(() -> new MinimalGatedUnit().widths("{}", 3, weights))
                .isInstanceOf(UnsupportedModelException.class)
                .hasMessage(
                        "a minimal gated unit must have arrays [features, 2*units], [units, 2*units] and [2*units] with 3 features, got [[3, 8]]");
    }

    private static List<JsonNode> lines(String file) throws IOException {
        List<JsonNode> lines = new ArrayList<>();
        for (String line : Files.readAllLines(Path.of(file))) {
            lines.add(new ObjectMapper().readTree(line));
        }
        return lines;
    }

    private static float[] floats(JsonNode rows) {
        List<Float> values = new ArrayList<>();
        rows.forEach(row -> row.forEach(value -> values.add(value.floatValue())));
        float[] floats = new float[values.size()];
        for (int k = 0; k < floats.length; k++) {
            floats[k] = values.get(k);
        }
        return floats;
    }
}
