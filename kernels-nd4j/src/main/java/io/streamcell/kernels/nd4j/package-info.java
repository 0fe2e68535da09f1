/**
 * Networks and cells on ND4J arrays, on whichever ND4J backend is on the class path: the general
 * path, for cells that users add, and a second opinion on everything else. Only this package knows
 * ND4J.
 */
package io.streamcell.kernels.nd4j;
