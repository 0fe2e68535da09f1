/**
 * Networks of which a provider computes parts. {@link io.streamcell.kernels.graph.GraphCompiler} is
 * the entry.
 */
package io.streamcell.kernels.graph;
