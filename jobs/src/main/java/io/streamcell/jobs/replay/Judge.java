package io.streamcell.jobs.replay;

/** Is told what became of rows. */
interface Judge {
    /** Says whose rows come next. */
    void look(StreamComparison stream, OutputComparison output);

    /**
     * Rows that were recorded, and their counterparts.
     *
     * @param first the timestep from which on they are compared
     * @param rows so many
     * @return of so many the judgement is given; the first of them at least
     */
    int compare(Rows scored, Rows recorded, long first, int rows);

    /** Rows that were not recorded. */
    void missing(Rows scored);

    /** Rows that were recorded more than once. */
    void duplicate(Rows recorded);

    /** Rows that were recorded and not scored again. */
    void extra(Rows recorded);

    /** Rows that are not of the range that was scored again. */
    void outside(Rows recorded);
}
