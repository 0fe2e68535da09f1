/**
 * The demonstration: real series through an embedded broker and cluster, with a failure in the
 * middle, and a report.
 */
package io.streamcell.jobs.demo;
