package io.streamcell.models.onnx;

import java.util.List;

/** How an operator of ONNX is read. */
interface Operator {
    /**
     * Gives the values of the node's outputs, in order; layers that compute them are added to the
     * network.
     */
    List<Value> read(OnnxNode node, Evaluation graph);
}
