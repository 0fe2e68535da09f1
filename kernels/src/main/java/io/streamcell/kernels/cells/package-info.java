/** What providers do with cells that are lists of operations, before they compute them. */
package io.streamcell.kernels.cells;
