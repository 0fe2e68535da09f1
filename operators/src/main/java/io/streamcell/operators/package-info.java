/**
 * Where does Flink meet it? Events and scores, the bundle of pending chunks, the operator that
 * scores them, and {@link io.streamcell.operators.Streamcell}, the entry for a DataStream job of a
 * user's own. Nothing here knows Kafka, files or {@code main}.
 */
package io.streamcell.operators;
