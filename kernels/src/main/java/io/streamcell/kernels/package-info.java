/**
 * How does a batch advance? A {@link io.streamcell.kernels.KernelProvider} compiles a network into
 * a {@link io.streamcell.kernels.NetworkKernel}, which advances the rows of a {@link
 * io.streamcell.kernels.Batch} against the states of a {@link io.streamcell.kernels.StateSlab}.
 * Nothing here knows Flink.
 */
package io.streamcell.kernels;
