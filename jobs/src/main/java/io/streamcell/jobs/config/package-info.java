/** The options of a job, and how they are read from {@code job.yaml} and the command line. */
package io.streamcell.jobs.config;
