/** What is in a savepoint? Streams of one read, compared, and written into another. */
package io.streamcell.jobs.savepoints;
