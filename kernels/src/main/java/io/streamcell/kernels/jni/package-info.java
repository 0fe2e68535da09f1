/**
 * Kernels in C, behind JNI, for what the processor has: AVX-512, AVX2 with FMA, or neither. The
 * sources and the script that builds them lie in {@code kernels/src/main/c}.
 */
package io.streamcell.kernels.jni;
