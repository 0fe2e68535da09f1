package io.streamcell.models;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Puts a {@link Network} together, layer by layer, and infers every shape. Each input with a time
 * axis starts on an axis of its own; a layer that combines two makes them one, since their chunks
 * must then be equally long.
 */
public final class NetworkBuilder {
    private final String name;
    private final List<NetworkInput> inputs = new ArrayList<>();
    private final List<Node> nodes = new ArrayList<>();
    private final List<Shape> tensors = new ArrayList<>();
    private final List<Integer> sameAxis = new ArrayList<>();
    private final Map<String, Stateful> stateful = new HashMap<>();
    private final List<TimeAxis> madeAxes = new ArrayList<>();
    private final List<Integer> madeNumbers = new ArrayList<>();
    private final List<List<Integer>> equalAxes = new ArrayList<>();

    private final List<String> notes = new ArrayList<>();

    public NetworkBuilder(String name) {
        this.name = name;
    }

    /**
     * Adds an input with one row per timestep; all inputs come before the first layer. Gives its
     * tensor.
     */
    public int timedInput(String inputName, List<Integer> dims) {
        sameAxis.add(sameAxis.size());
        return input(inputName, new Shape(sameAxis.size() - 1, dims));
    }

    /**
     * Adds an input with one row per chunk; all inputs come before the first layer. Gives its
     * tensor.
     */
    public int staticInput(String inputName, List<Integer> dims) {
        return input(inputName, new Shape(Shape.STATIC, dims));
    }

    private int input(String inputName, Shape shape) {
        if (!nodes.isEmpty()) {
            throw new IllegalStateException("inputs must be added before layers");
        }
        inputs.add(new NetworkInput(inputName, shape, 0));
        tensors.add(shape);
        return tensors.size() - 1;
    }

    /** Adds a layer that reads the given tensors, and gives the tensors of its outputs. */
    public List<Integer> add(Layer layer, List<Integer> reads) {
        if (layer instanceof Stateful keeper) {
            Stateful known = stateful.putIfAbsent(keeper.name(), keeper);
            if (known != null && !known.equals(keeper)) {
                throw new UnsupportedModelException(
                        "layer %s must have a name of its own, got two layers of that name"
                                .formatted(layer.name()));
            }
        }
        if (layer instanceof Embedding embedding) {
            readTokens(embedding, reads.get(0));
        }
        List<Shape> shapes = new ArrayList<>();
        int axis = Shape.STATIC;
        for (int read : reads) {
            Shape shape = tensors.get(read);
            if (shape.timed()) {
                axis = axis == Shape.STATIC ? root(shape.axis()) : join(axis, shape.axis());
            }
            shapes.add(shape);
        }
        List<Integer> outputs = new ArrayList<>();
        for (Shape shape : layer.outputs(shapes)) {
            tensors.add(
                    shape.axis() == Shape.NEW
                            ? new Shape(made(axis, layer.resampling()), shape.dims())
                            : shape);
            outputs.add(tensors.size() - 1);
        }
        nodes.add(new Node(layer, reads, outputs));
        return outputs;
    }

    /** The axis that a layer makes of another; two layers that make the same one share it. */
    private int made(int source, Resampling resampling) {
        for (int k = 0; k < madeAxes.size(); k++) {
            TimeAxis axis = madeAxes.get(k);
            boolean sameSource =
                    axis.source() == Shape.STATIC
                            ? source == Shape.STATIC
                            : source != Shape.STATIC && root(axis.source()) == root(source);
            if (sameSource && axis.resampling().equals(resampling)) {
                return madeNumbers.get(k);
            }
        }
        madeAxes.add(new TimeAxis(source, resampling));
        sameAxis.add(sameAxis.size());
        madeNumbers.add(sameAxis.size() - 1);
        return sameAxis.size() - 1;
    }

    private void readTokens(Embedding embedding, int tensor) {
        int source = tensor;
        while (source >= inputs.size()) {
            int current = source;
            Node maker =
                    nodes.stream()
                            .filter(node -> node.outputs().contains(current))
                            .findFirst()
                            .orElseThrow();
            if (!(maker.layer() instanceof Identity)) {
                throw new UnsupportedModelException(
                        "layer %s must read token ids from an input, got the output of layer %s"
                                .formatted(embedding.name(), maker.layer().name()));
            }
            source = maker.input();
        }
        NetworkInput input = inputs.get(source);
        int vocabulary =
                input.tokens()
                        ? Math.min(input.vocabulary(), embedding.vocabulary())
                        : embedding.vocabulary();
        inputs.set(source, new NetworkInput(input.name(), input.shape(), vocabulary));
    }

    /** Adds what a user should know of how the saved model was read. */
    public void note(String note) {
        notes.add(note);
    }

    public Shape shape(int tensor) {
        return tensors.get(tensor);
    }

    /**
     * Ends the graph.
     *
     * @param names of the outputs, in order
     * @param outputs their tensors
     * @throws UnsupportedModelException if no input has a time axis
     */
    public Network build(List<String> names, List<Integer> outputs, boolean namedOutputs) {
        if (inputs.stream().noneMatch(input -> input.shape().timed())) {
            throw new UnsupportedModelException(
                    "model %s must have an input with a time axis, got %s".formatted(name, inputs));
        }
        List<Integer> axes = new ArrayList<>();
        for (int k = 0; k < sameAxis.size(); k++) {
            if (!madeNumbers.contains(k) && !axes.contains(root(k))) {
                axes.add(root(k));
            }
        }
        axes.addAll(madeNumbers);
        List<TimeAxis> finalAxes = new ArrayList<>();
        for (TimeAxis axis : madeAxes) {
            int source = axis.source() == Shape.STATIC ? Shape.STATIC : number(axes, axis.source());
            finalAxes.add(new TimeAxis(source, axis.resampling()));
        }
        List<List<Integer>> finalEqual = new ArrayList<>();
        for (List<Integer> pair : equalAxes) {
            finalEqual.add(List.of(number(axes, pair.get(0)), number(axes, pair.get(1))));
        }
        List<Shape> shapes = new ArrayList<>();
        for (Shape shape : tensors) {
            shapes.add(shape.timed() ? new Shape(number(axes, shape.axis()), shape.dims()) : shape);
        }
        List<NetworkInput> finalInputs = new ArrayList<>();
        for (int k = 0; k < inputs.size(); k++) {
            NetworkInput input = inputs.get(k);
            finalInputs.add(new NetworkInput(input.name(), shapes.get(k), input.vocabulary()));
        }
        List<NetworkOutput> finalOutputs = new ArrayList<>();
        for (int k = 0; k < outputs.size(); k++) {
            finalOutputs.add(new NetworkOutput(names.get(k), shapes.get(outputs.get(k))));
        }
        return new Network(
                name,
                finalInputs,
                nodes,
                shapes,
                finalAxes,
                finalEqual,
                finalOutputs,
                outputs,
                namedOutputs,
                notes);
    }

    private int number(List<Integer> axes, int axis) {
        return axes.indexOf(root(axis));
    }

    private int root(int axis) {
        int root = axis;
        while (sameAxis.get(root) != root) {
            root = sameAxis.get(root);
        }
        return root;
    }

    /** Makes two inputs' axes one; of others it is only known that they must be equally long. */
    private int join(int left, int right) {
        int first = Math.min(root(left), root(right));
        int second = Math.max(root(left), root(right));
        if (first == second) {
            return first;
        }
        if (madeNumbers.contains(second)) {
            List<Integer> pair = List.of(first, second);
            if (!equalAxes.contains(pair)) {
                equalAxes.add(pair);
            }
        } else {
            sameAxis.set(second, first);
        }
        return first;
    }
}
