package org.bytedeco.opencl.presets;

/**
 * Stands in for the OpenCL presets that oneDNN's bindings name as their parent. On a CPU nothing of
 * OpenCL is used, and its artifact is left out.
 */
public class OpenCL {}
