package io.streamcell.models.keras;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.jhdf.HdfFile;
import io.jhdf.api.Attribute;
import io.jhdf.api.Dataset;
import io.jhdf.api.Group;
import io.jhdf.api.Node;
import io.streamcell.models.Network;
import io.streamcell.models.TensorWeights;
import io.streamcell.models.UnsupportedModelException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Reads a legacy {@code .h5} file of Keras 2 or 3: the attribute {@code model_config} beside the
 * group {@code model_weights}, which holds each layer's arrays in the order of its attribute {@code
 * weight_names}.
 */
public final class LegacyReader {
    private final Group weights;

    private LegacyReader(Group weights) {
        this.weights = weights;
    }

    /**
     * Reads the network.
     *
     * @throws UnsupportedModelException if the file is damaged or holds what cannot be scored
     */
    public static Network read(Path path) {
        try (HdfFile file = new HdfFile(path)) {
            Attribute config = file.getAttribute("model_config");
            if (config == null || !(file.getChild("model_weights") instanceof Group weights)) {
                throw new UnsupportedModelException(
                        "an .h5 file must hold model_config and model_weights, got neither or one: were weights alone saved? Save the whole model");
            }
            JsonNode saved = new ObjectMapper().readTree(text(config.getData()));
            LegacyReader reader = new LegacyReader(weights);
            return GraphReader.read(saved, reader::weights);
        } catch (JsonProcessingException e) {
            throw new UnsupportedModelException(
                    "model_config must be JSON, got: " + e.getOriginalMessage(), e);
        } catch (UnsupportedModelException e) {
            throw e;
        } catch (RuntimeException e) {
            // A damaged file makes the library fail in many ways.
            throw new UnsupportedModelException(
                    "an .h5 file must be readable HDF5, got: %s; was it copied whole?"
                            .formatted(e.getMessage()),
                    e);
        }
    }

    private static String text(Object data) {
        return data instanceof String[] list ? String.join("", list) : String.valueOf(data);
    }

    private List<LayerWeights> weights(List<LayerConfig> layers) {
        List<LayerWeights> all = new ArrayList<>();
        for (LayerConfig layer : layers) {
            List<ListWeights.Source> sources = new ArrayList<>();
            if (weights.getChild(layer.name()) instanceof Group group) {
                for (String name : names(group)) {
                    if (!name.contains("seed_generator")) {
                        sources.add(new Array(group, name));
                    }
                }
            }
            all.add(new ListWeights(layer.name(), sources));
        }
        return all;
    }

    /** The attribute, which is split where it is long. */
    private static List<String> names(Group group) {
        List<String> names = new ArrayList<>();
        Attribute whole = group.getAttribute("weight_names");
        if (whole != null) {
            addNames(whole, names);
        }
        int part = 0;
        Attribute next = whole == null ? group.getAttribute("weight_names0") : null;
        while (next != null) {
            addNames(next, names);
            part++;
            next = group.getAttribute("weight_names" + part);
        }
        return names;
    }

    private static void addNames(Attribute attribute, List<String> names) {
        if (attribute.getData() instanceof String[] list) {
            names.addAll(Arrays.asList(list));
        } else if (attribute.getData() instanceof String one) {
            names.add(one);
        }
    }

    /** A dataset below a layer's group. */
    private record Array(Group group, String name) implements ListWeights.Source {
        @Override
        public TensorWeights read() {
            Node node = group;
            for (String part : name.split("/")) {
                node = node instanceof Group inner ? inner.getChild(part) : null;
            }
            if (!(node instanceof Dataset dataset)) {
                throw new UnsupportedModelException(
                        "model_weights must hold %s/%s, got nothing there"
                                .formatted(group.getName(), name));
            }
            List<Integer> dims = Arrays.stream(dataset.getDimensions()).boxed().toList();
            return new TensorWeights(dims, WeightFile.floats(dataset));
        }
    }
}
