/** What could the processor do at best? Compiled on its own, since it uses the Vector API. */
package io.streamcell.benchmarks.kernels.peak;
