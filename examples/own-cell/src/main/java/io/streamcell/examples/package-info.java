/** Cells of one's own. */
package io.streamcell.examples;
