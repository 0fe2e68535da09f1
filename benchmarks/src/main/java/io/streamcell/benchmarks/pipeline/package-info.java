/**
 * Whole pipelines: the scoring job beside the same topology that computes nothing, and beside one
 * that calls ONNX Runtime for each event. {@code PipelineCommand} runs parts; a part holds contests
 * of trials, each one run of one subject.
 */
package io.streamcell.benchmarks.pipeline;
