package io.streamcell.jobs.replay;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;

/** A model file of an LSTM and a Linear, weights by chance; all carry the same tensors. */
final class SmallModel {
    static final int FEATURES = 3;
    private static final int UNITS = 4;
    private static final int OUTPUTS = 2;

    private SmallModel() {}

    /** Writes it; whoever has the same seed is the same. */
    static Path write(Path folder, String name, long seed) throws IOException {
        Map<String, int[]> shapes = new LinkedHashMap<>();
        shapes.put("rnn.weight_ih_l0", new int[] {4 * UNITS, FEATURES});
        shapes.put("rnn.weight_hh_l0", new int[] {4 * UNITS, UNITS});
        shapes.put("rnn.bias_ih_l0", new int[] {4 * UNITS, 1});
        shapes.put("rnn.bias_hh_l0", new int[] {4 * UNITS, 1});
        shapes.put("fc.weight", new int[] {OUTPUTS, UNITS});
        shapes.put("fc.bias", new int[] {OUTPUTS, 1});
        Random random = new Random(seed);
        StringBuilder head = new StringBuilder("{");
        ByteBuffer data = ByteBuffer.allocate(4096).order(ByteOrder.LITTLE_ENDIAN);
        shapes.forEach(
                (tensor, shape) -> {
                    int from = data.position();
                    for (int k = 0; k < shape[0] * shape[1]; k++) {
                        data.putFloat((float) random.nextGaussian() / 2);
                    }
                    head.append(head.length() > 1 ? "," : "")
                            .append(
                                    "\"%s\":{\"dtype\":\"F32\",\"shape\":[%s],\"data_offsets\":[%d,%d]}"
                                            .formatted(
                                                    tensor,
                                                    tensor.contains("bias")
                                                            ? "" + shape[0]
                                                            : shape[0] + "," + shape[1],
                                                    from,
                                                    data.position()));
                });
        byte[] text = head.append('}').toString().getBytes(StandardCharsets.UTF_8);
        ByteBuffer file =
                ByteBuffer.allocate(8 + text.length + data.position())
                        .order(ByteOrder.LITTLE_ENDIAN);
        file.putLong(text.length).put(text).put(data.flip());
        Files.write(folder.resolve(name + ".safetensors"), file.array());
        return Files.writeString(
                folder.resolve(name + ".json"),
                """
                {"streamcell": 1, "weights": "%s.safetensors", "layers": [
                  {"class": "torch.nn.LSTM", "weights": "rnn", "name": "rnn"},
                  {"class": "torch.nn.Linear", "weights": "fc"}]}
                """
                        .formatted(name));
    }
}
