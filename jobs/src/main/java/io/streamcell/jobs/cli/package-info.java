/** The commands of {@code ./streamcell}. */
package io.streamcell.jobs.cli;
