/**
 * Was it scored as it must be? Events scored again, and compared with what was recorded; or, by
 * another model, how far scores shift.
 */
package io.streamcell.jobs.replay;
