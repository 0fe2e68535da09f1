/**
 * Every layer with the Vector API: many rows at once, the weights packed in panels of lanes, the
 * bits those of the plain definition. Lanes never mix, so the bits do not depend on how many there
 * are.
 */
package io.streamcell.kernels.vector;
