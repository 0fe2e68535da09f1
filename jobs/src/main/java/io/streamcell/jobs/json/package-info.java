/**
 * The JSON form of events, scores, states and rejected records, as {@code docs/events.md} describes
 * it.
 */
package io.streamcell.jobs.json;
