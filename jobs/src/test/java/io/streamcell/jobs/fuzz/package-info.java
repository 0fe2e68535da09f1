/**
 * Records that anybody may have sent, from their bytes through reader, checks and the scoring
 * operator to the bytes of what comes out, with an eye on every promise. {@code jobs/fuzz} lets
 * Jazzer make the records; the tests run those that are kept, and some random ones.
 */
package io.streamcell.jobs.fuzz;
