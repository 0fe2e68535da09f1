/**
 * Scoring in SQL: the function {@link io.streamcell.jobs.sql.ScoreFunction SCORE}, a row at a time,
 * and tables with {@code 'connector' = 'streamcell'} through the operator. Rows become events by
 * {@link io.streamcell.jobs.sql.EventColumns}, scores become rows by {@link
 * io.streamcell.jobs.sql.ScoreColumns}.
 */
package io.streamcell.jobs.sql;
