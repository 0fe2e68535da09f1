package io.streamcell.kernels.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamcell.kernels.functions.FunctionVectors;
import java.io.IOException;
import java.nio.IntBuffer;
import java.util.List;
import java.util.Map;

/** The exact functions as the device computes them, against the judge's vectors. */
final class FunctionChecks {
    private FunctionChecks() {}

    /**
     * Compares every value.
     *
     * @return how many there were
     */
    static int check(Device device) throws IOException {
        Map<String, List<FunctionVectors.Vector>> all = FunctionVectors.all();
        StringBuilder source = new StringBuilder("#include \"rows.cuh\"\n");
        all.keySet()
                .forEach(
                        name ->
                                source.append(
                                        """
                                        extern "C" __global__ void %1$s_of_all(const float *x, long long count, float *y) {
                                            each(count, [&](long long k) { y[k] = canonical(exact_%1$s(x[k])); });
                                        }
                                        """
                                                .formatted(name)));
        int count = 0;
        try (Device.Module module = device.compile(source.toString());
                Transfer transfer = new Transfer(device)) {
            for (Map.Entry<String, List<FunctionVectors.Vector>> each : all.entrySet()) {
                List<FunctionVectors.Vector> vectors = each.getValue();
                long bytes = (long) vectors.size() * Float.BYTES;
                transfer.reserve(bytes);
                IntBuffer values = transfer.host().asIntBuffer();
                for (int k = 0; k < vectors.size(); k++) {
                    values.put(k, vectors.get(k).input());
                }
                transfer.upload(bytes);
                transfer.stream()
                        .launch(
                                module.kernel(each.getKey() + "_of_all", 0),
                                2,
                                1,
                                transfer.address(),
                                vectors.size(),
                                transfer.address());
                transfer.download(bytes);
                transfer.stream().await();
                for (int k = 0; k < vectors.size(); k++) {
                    assertThat(values.get(k))
                            .as("%s of %08x", each.getKey(), vectors.get(k).input())
                            .isEqualTo(vectors.get(k).output());
                }
                count += vectors.size();
            }
        }
        return count;
    }
}
