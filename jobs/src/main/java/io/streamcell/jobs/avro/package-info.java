/**
 * Records in Avro's binary encoding, by the schemas in the jar: bare, or behind the id of a schema
 * in a registry.
 */
package io.streamcell.jobs.avro;
