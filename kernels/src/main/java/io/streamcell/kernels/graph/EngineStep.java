package io.streamcell.kernels.graph;

import io.streamcell.kernels.Batch;
import io.streamcell.kernels.HostSlab;
import io.streamcell.kernels.KernelOptions;
import io.streamcell.kernels.KernelProvider;
import io.streamcell.kernels.NetworkKernel;
import io.streamcell.models.Carry;
import io.streamcell.models.Network;
import io.streamcell.models.NetworkInput;
import io.streamcell.models.NetworkOutput;
import io.streamcell.models.Node;
import io.streamcell.models.Shape;
import io.streamcell.models.StateLayout;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Some nodes of a network that the provider computes in one call. */
final class EngineStep implements Step {
    private final NetworkKernel kernel;
    private final Batch batch;
    private final Tensor[] inputs;
    private final Tensor[] outputs;
    // the network's number of each of the part's time axes
    private final int[] axes;

    /**
     * Compiles the part.
     *
     * @param reads the tensors that come from outside
     * @param gives the tensors that are needed outside
     */
    EngineStep(
            KernelProvider provider,
            StateLayout layout,
            KernelOptions options,
            List<Node> nodes,
            List<Integer> reads,
            List<Integer> gives,
            Tensor[] tensors) {
        this.inputs = reads.stream().map(number -> tensors[number]).toArray(Tensor[]::new);
        this.outputs = gives.stream().map(number -> tensors[number]).toArray(Tensor[]::new);
        List<Integer> used = new ArrayList<>();
        Network part = part(nodes, reads, gives, tensors, used);
        this.axes = used.stream().mapToInt(Integer::intValue).toArray();
        this.kernel = provider.compile(part, layout, options);
        this.batch = new Batch(part.signature(Carry.ALWAYS));
    }

    private static Network part(
            List<Node> nodes,
            List<Integer> reads,
            List<Integer> gives,
            Tensor[] tensors,
            List<Integer> axes) {
        Map<Integer, Integer> numbers = new HashMap<>();
        List<Shape> shapes = new ArrayList<>();
        List<NetworkInput> inputs = new ArrayList<>();
        for (int read : reads) {
            numbers.put(read, shapes.size());
            shapes.add(renumbered(tensors[read].shape(), axes));
            inputs.add(new NetworkInput("x" + read, shapes.get(shapes.size() - 1), 0));
        }
        List<Node> renumbered = new ArrayList<>();
        for (Node node : nodes) {
            List<Integer> made = new ArrayList<>();
            for (int output : node.outputs()) {
                numbers.put(output, shapes.size());
                made.add(shapes.size());
                shapes.add(renumbered(tensors[output].shape(), axes));
            }
            renumbered.add(
                    new Node(
                            node.layer(), node.inputs().stream().map(numbers::get).toList(), made));
        }
        List<NetworkOutput> outputs = new ArrayList<>();
        for (int give : gives) {
            outputs.add(new NetworkOutput("y" + give, shapes.get(numbers.get(give))));
        }
        List<Integer> outputTensors = gives.stream().map(numbers::get).toList();
        return new Network(
                "part",
                inputs,
                renumbered,
                shapes,
                List.of(),
                List.of(),
                outputs,
                outputTensors,
                true,
                List.of());
    }

    private static Shape renumbered(Shape shape, List<Integer> axes) {
        if (!shape.timed()) {
            return shape;
        }
        if (!axes.contains(shape.axis())) {
            axes.add(shape.axis());
        }
        return new Shape(axes.indexOf(shape.axis()), shape.dims());
    }

    @Override
    public void run(Rows rows, HostSlab slab) {
        batch.clear();
        for (int row = 0; row < rows.count(); row++) {
            if (axes.length == 1) {
                batch.add(rows.slot(row), rows.length(axes[0], row));
            } else {
                batch.add(rows.slot(row), rows.lengths(axes, row));
            }
        }
        for (int k = 0; k < inputs.length; k++) {
            batch.lend(k, inputs[k].values());
        }
        kernel.advance(slab, batch);
        for (int k = 0; k < outputs.length; k++) {
            int floats = rows.height(outputs[k].shape()) * outputs[k].width();
            System.arraycopy(batch.output(k), 0, outputs[k].values(), 0, floats);
        }
    }

    @Override
    public void close() {
        kernel.close();
    }
}
