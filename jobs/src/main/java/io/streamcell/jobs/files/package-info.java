/** Events read from a file of lines, and records written to one. */
package io.streamcell.jobs.files;
