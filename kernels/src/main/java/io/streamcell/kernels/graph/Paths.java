package io.streamcell.kernels.graph;

import io.streamcell.kernels.KernelProvider;
import io.streamcell.models.Activation;
import io.streamcell.models.Cell;
import io.streamcell.models.ComposedCell;
import io.streamcell.models.CustomCell;
import io.streamcell.models.Gru;
import io.streamcell.models.Lstm;
import io.streamcell.models.MaskLayer;
import io.streamcell.models.Network;
import io.streamcell.models.Node;
import io.streamcell.models.Recurrent;
import io.streamcell.models.SimpleRnn;
import io.streamcell.models.Stateful;
import io.streamcell.models.TimeLayer;
import java.util.ArrayList;
import java.util.List;

/** Says, for people, how each layer is computed, and why not faster. */
public final class Paths {
    private Paths() {}

    /** How a provider computes a node of a network, in a few words. */
    public static String of(KernelProvider provider, Network network, Node node) {
        if (node.layer() instanceof Recurrent layer) {
            return recurrent(provider, layer);
        } else if (Plain.node(provider, node, network.tensors())) {
            return provider.name();
        }
        return "for every provider alike: " + reason(node);
    }

    private static String recurrent(KernelProvider provider, Recurrent layer) {
        String by =
                Plain.cells(provider, layer)
                        ? provider.name()
                        : "a provider of cells that users add";
        List<String> reasons = new ArrayList<>();
        Recurrent.Mode mode = layer.mode();
        if (mode.masked()) {
            reasons.add("timesteps that count are gathered first: masked");
        }
        if (mode.backwards()) {
            reasons.add("timesteps are turned round: backwards");
        }
        if (mode.stateGiven()) {
            reasons.add("states are given by layers");
        }
        for (Cell cell : layer.cells()) {
            String why = slower(cell);
            if (why != null && !reasons.contains(why)) {
                reasons.add(why);
            }
        }
        return reasons.isEmpty() ? by + ", fused" : by + "; " + String.join("; ", reasons);
    }

    /**
     * Why a cell's functions are not computed in the registers of its product; null if they are.
     */
    private static String slower(Cell cell) {
        if (cell instanceof Lstm lstm) {
            return usual(lstm.activation(), lstm.recurrentActivation());
        } else if (cell instanceof Gru gru) {
            return gru.resetAfter()
                    ? usual(gru.activation(), gru.recurrentActivation())
                    : "all units before the candidate: reset_after=False";
        } else if (cell instanceof SimpleRnn) {
            return null;
        } else if (cell instanceof ComposedCell composed) {
            return "operation by operation: " + composed.kind() + " is no LSTM or GRU of Keras";
        }
        return "on arrays: " + ((CustomCell) cell).registeredName() + " was added by a user";
    }

    private static String usual(Activation activation, Activation recurrent) {
        boolean usual = activation == Activation.TANH && recurrent == Activation.SIGMOID;
        return usual
                ? null
                : "gate by gate: activations are %s and %s, not tanh and sigmoid"
                        .formatted(activation.keras(), recurrent.keras());
    }

    private static String reason(Node node) {
        if (node.layer() instanceof TimeLayer || node.layer() instanceof Stateful) {
            return "it looks across timesteps";
        } else if (node.layer() instanceof MaskLayer) {
            return "it makes a mask";
        }
        return "it is a function of each row";
    }
}
