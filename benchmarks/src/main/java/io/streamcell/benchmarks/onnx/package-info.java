/** Writes networks as ONNX files, so that peers compute with the same weights. */
package io.streamcell.benchmarks.onnx;
