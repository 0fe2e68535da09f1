/** Kafka records in and out. */
package io.streamcell.jobs.kafka;
