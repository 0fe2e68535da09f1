package io.streamcell.operators;

/**
 * A header of a Kafka record, passed on from a chunk to its scores. The value may be null and is
 * not modified.
 */
public record Header(String key, byte[] value) {}
