package io.streamcell.models.keras;

import io.streamcell.models.TensorWeights;
import io.streamcell.models.UnsupportedModelException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A layer's arrays as one list, those of the layers and cells inside it among them: what legacy
 * {@code .h5} files and descriptions with safetensors hold. They are taken one after another.
 */
public final class ListWeights implements LayerWeights {
    /** An array that can be read. */
    public interface Source {
        /** Its name in the file. */
        String name();

        /** Reads it. */
        TensorWeights read();
    }

    private final String path;
    private final List<Source> sources;
    // shared with the layers inside
    private final int[] next;

    public ListWeights(String path, List<Source> sources) {
        this(path, sources, new int[1]);
    }

    private ListWeights(String path, List<Source> sources, int[] next) {
        this.path = path;
        this.sources = List.copyOf(sources);
        this.next = next;
    }

    @Override
    public String path() {
        return path;
    }

    @Override
    public LayerWeights child(String property) {
        return new ListWeights(path + "/" + property, sources, next);
    }

    /**
     * The layers of a model inside a model are told apart by their names, since arrays that are not
     * trained stand at the end of the list; cells of a stack follow one another.
     */
    @Override
    public List<LayerWeights> children(String property, List<LayerConfig> layers) {
        List<LayerWeights> children = new ArrayList<>();
        for (LayerConfig layer : layers) {
            String childPath = path + "/" + layer.name();
            if (property.equals("cells")) {
                children.add(new ListWeights(childPath, sources, next));
                continue;
            }
            List<Source> own =
                    sources.stream()
                            .filter(
                                    source ->
                                            Arrays.asList(source.name().split("/"))
                                                    .contains(layer.name()))
                            .toList();
            children.add(new ListWeights(childPath, own));
        }
        return children;
    }

    @Override
    public float[] read(int number, int... shape) {
        if (next[0] >= sources.size()) {
            throw new UnsupportedModelException(
                    "layer %s must have more than %d arrays of weights, got no other of shape %s"
                            .formatted(path, sources.size(), Arrays.toString(shape)));
        }
        Source source = sources.get(next[0]++);
        TensorWeights array = source.read();
        if (!array.dims().equals(Arrays.stream(shape).boxed().toList())) {
            throw new UnsupportedModelException(
                    "weights %s must have shape %s as the configuration says, got %s"
                            .formatted(source.name(), Arrays.toString(shape), array.dims()));
        }
        return array.values();
    }

    @Override
    public List<TensorWeights> all() {
        List<TensorWeights> arrays = new ArrayList<>();
        while (next[0] < sources.size()) {
            arrays.add(sources.get(next[0]++).read());
        }
        return arrays;
    }
}
