/**
 * Every layer with the Vector API of the JDK: the rows of a batch are sorted by length and packed
 * time-major, so that every timestep is one matrix product over the rows that still run, and a
 * vector's lanes are values that never mix.
 */
package io.streamcell.kernels.vector;
