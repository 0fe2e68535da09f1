/**
 * Reads {@code .onnx} files. The graph is walked in order with a {@link
 * io.streamcell.models.onnx.Value} for each tensor: a constant, a symbolic shape, or data whose
 * axes are known to be batch, time or part of a row. {@link io.streamcell.models.onnx.OnnxReader}
 * is the entry.
 */
package io.streamcell.models.onnx;
