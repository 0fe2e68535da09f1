/**
 * Kernels for NVIDIA GPUs. {@link io.streamcell.kernels.cuda.CudaProvider} compiles a network
 * ({@link io.streamcell.kernels.cuda.ProgramBuilder}) to templates of the {@code .cuh} files beside
 * it; {@link io.streamcell.kernels.cuda.CudaKernel} advances batches in pieces ({@link
 * io.streamcell.kernels.cuda.Lane}) over states that stay on the device ({@link
 * io.streamcell.kernels.cuda.CudaSlab}).
 */
package io.streamcell.kernels.cuda;
