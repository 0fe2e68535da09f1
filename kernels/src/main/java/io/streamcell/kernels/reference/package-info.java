/**
 * The plain definition of every layer, one row, one timestep, one value at a time: what the fast
 * kernels must equal.
 */
package io.streamcell.kernels.reference;
