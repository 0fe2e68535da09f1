package io.streamcell.operators;

import org.apache.flink.annotation.Public;

/**
 * A header of a Kafka record, passed on from a chunk to its scores. The value may be null and is
 * not modified.
 */
@Public
public record Header(String key, byte[] value) {}
