/**
 * What does a user run? {@link io.streamcell.jobs.ScoringJob}, the Kafka job, and around it the
 * command line, the configuration and the formats. Only this module knows Kafka, files and {@code
 * main}.
 */
package io.streamcell.jobs;
