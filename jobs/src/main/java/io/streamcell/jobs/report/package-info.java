/** What does a report look like? One page that needs nothing else. */
package io.streamcell.jobs.report;
