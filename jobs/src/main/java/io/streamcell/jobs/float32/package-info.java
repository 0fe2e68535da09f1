/**
 * Records whose value is raw float32, little-endian, and whose Kafka headers say what it is. All
 * headers are text in UTF-8.
 */
package io.streamcell.jobs.float32;
