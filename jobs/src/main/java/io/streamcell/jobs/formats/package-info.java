/** What the formats of records have in common: an event's fields, and who reads and writes them. */
package io.streamcell.jobs.formats;
