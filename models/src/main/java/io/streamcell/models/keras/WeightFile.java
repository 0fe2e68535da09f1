package io.streamcell.models.keras;

import io.jhdf.HdfFile;
import io.jhdf.api.Attribute;
import io.jhdf.api.Dataset;
import io.jhdf.api.Group;
import io.jhdf.api.Node;
import io.jhdf.api.dataset.ContiguousDataset;
import io.streamcell.models.TensorWeights;
import io.streamcell.models.UnsupportedModelException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * The datasets of {@code model.weights.h5}. Owns the open file. A damaged file makes the library
 * fail in many ways, all of which mean the same here.
 */
final class WeightFile implements AutoCloseable {
    /** Bytes that deflate makes of one at most. */
    private static final int MOST_INFLATED = 1032;

    private final HdfFile file;
    private final String root;

    private WeightFile(HdfFile file) {
        this.file = file;
        this.root =
                file.getChild("layers") == null
                                && file.getChild("_layer_checkpoint_dependencies") != null
                        ? "_layer_checkpoint_dependencies"
                        : "layers";
    }

    static WeightFile open(Path path) {
        try {
            return new WeightFile(new HdfFile(path));
        } catch (RuntimeException e) {
            throw new UnsupportedModelException(
                    "model.weights.h5 must be an HDF5 file, got: " + e.getMessage(), e);
        }
    }

    /**
     * A dataset as float32, checked before it is read.
     *
     * @param path below the folder of all layers
     * @param shape that it must have
     */
    float[] read(String path, int... shape) {
        Dataset dataset = dataset(path);
        if (!Arrays.equals(dataset.getDimensions(), shape)) {
            throw new UnsupportedModelException(
                    "weights %s/%s must have shape %s as the configuration says, got %s"
                            .formatted(
                                    root,
                                    path,
                                    Arrays.toString(shape),
                                    Arrays.toString(dataset.getDimensions())));
        }
        try {
            return floats(dataset);
        } catch (RuntimeException e) {
            throw damaged(path, e);
        }
    }

    /** Whether there is such a dataset. */
    boolean holds(String path) {
        try {
            return node(path) instanceof Dataset;
        } catch (RuntimeException e) {
            throw damaged(path, e);
        }
    }

    /** A dataset of any shape. */
    TensorWeights readAny(String path) {
        Dataset dataset = dataset(path);
        List<Integer> dims = Arrays.stream(dataset.getDimensions()).boxed().toList();
        return new TensorWeights(dims, read(path, dataset.getDimensions()));
    }

    private UnsupportedModelException damaged(String path, RuntimeException e) {
        return new UnsupportedModelException(
                "weights %s/%s must be readable, got: %s".formatted(root, path, e.getMessage()), e);
    }

    private Dataset dataset(String path) {
        Node node;
        try {
            node = node(path);
        } catch (RuntimeException e) {
            throw damaged(path, e);
        }
        if (!(node instanceof Dataset dataset)) {
            throw new UnsupportedModelException(
                    "model.weights.h5 must hold %s/%s, got nothing there: was the file saved whole, by Keras 3?"
                            .formatted(root, path));
        }
        return dataset;
    }

    private Node node(String path) {
        Node node = file.getChild(root);
        for (String part : path.split("/")) {
            node = node instanceof Group group ? group.getChild(part) : null;
        }
        return node;
    }

    /**
     * A dataset as float32.
     *
     * @throws UnsupportedModelException if it says that it is larger than its file can hold
     */
    static float[] floats(Dataset dataset) {
        long file = dataset.getHdfFile().size();
        long most = dataset instanceof ContiguousDataset ? file : file * MOST_INFLATED;
        if (dataset.getSizeInBytes() > most) {
            throw new UnsupportedModelException(
                    "weights %s must lie in the file, which has %,d bytes, got %,d bytes of %s"
                            .formatted(
                                    dataset.getPath(),
                                    file,
                                    dataset.getSizeInBytes(),
                                    Arrays.toString(dataset.getDimensions())));
        }
        Attribute type = dataset.getAttribute("dtype");
        if (type != null && "bfloat16".equals(type.getData())) {
            return bfloat16(dataset);
        }
        Object flat = dataset.getDataFlat();
        if (flat instanceof float[] floats) {
            return floats;
        }
        if (flat instanceof double[] doubles) {
            float[] rounded = new float[doubles.length];
            for (int k = 0; k < rounded.length; k++) {
                rounded[k] = (float) doubles[k];
            }
            return rounded;
        }
        throw new UnsupportedModelException(
                "weights %s must be float16, bfloat16, float32 or float64, got %s"
                        .formatted(dataset.getPath(), dataset.getJavaType().getSimpleName()));
    }

    /** Two raw bytes a value, the upper half of a float32. */
    private static float[] bfloat16(Dataset dataset) {
        int count = Math.toIntExact(dataset.getSize());
        ByteBuffer bytes = ((ContiguousDataset) dataset).getBuffer().order(ByteOrder.LITTLE_ENDIAN);
        float[] floats = new float[count];
        for (int k = 0; k < count; k++) {
            floats[k] = Float.intBitsToFloat(bytes.getShort(2 * k) << 16);
        }
        return floats;
    }

    @Override
    public void close() {
        file.close();
    }
}
