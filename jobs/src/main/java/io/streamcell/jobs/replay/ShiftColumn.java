package io.streamcell.jobs.replay;

import java.io.Serializable;

/**
 * How far one number of an output is from what it was. Pairs that are not finite are only counted.
 */
public final class ShiftColumn implements Serializable {
    private static final long serialVersionUID = 1;

    /** Powers of two from 2^-32 to 2^15; below and beyond belong to the outermost. */
    public static final int BINS = 48;

    public static final int LEAST_EXPONENT = -32;

    private long count;
    private long notFinite;
    private double shift;
    private double absolute;
    private double squared;
    private double greatest = -1;
    private String stream;
    private long timestep;
    private double then;
    private double now;
    private double then2;
    private double now2;
    private double product;
    private long same;
    private final long[] bins = new long[BINS];

    void add(String ofStream, long at, float was, float is) {
        if (!Float.isFinite(was) || !Float.isFinite(is)) {
            notFinite++;
            return;
        }
        double by = (double) is - was;
        double far = Math.abs(by);
        count++;
        shift += by;
        absolute += far;
        squared += by * by;
        then += was;
        now += is;
        then2 += (double) was * was;
        now2 += (double) is * is;
        product += (double) was * is;
        if (far > greatest) {
            greatest = far;
            stream = ofStream;
            timestep = at;
        }
        if (far == 0) {
            same++;
        } else {
            int bin = Math.getExponent(far) - LEAST_EXPONENT;
            bins[Math.max(0, Math.min(BINS - 1, bin))]++;
        }
    }

    void merge(ShiftColumn other) {
        count += other.count;
        notFinite += other.notFinite;
        shift += other.shift;
        absolute += other.absolute;
        squared += other.squared;
        then += other.then;
        now += other.now;
        then2 += other.then2;
        now2 += other.now2;
        product += other.product;
        same += other.same;
        if (other.greatest > greatest) {
            greatest = other.greatest;
            stream = other.stream;
            timestep = other.timestep;
        }
        for (int k = 0; k < BINS; k++) {
            bins[k] += other.bins[k];
        }
    }

    public long count() {
        return count;
    }

    /** Pairs of which one is not finite. */
    public long notFinite() {
        return notFinite;
    }

    public double mean() {
        return count == 0 ? 0 : shift / count;
    }

    public double meanAbsolute() {
        return count == 0 ? 0 : absolute / count;
    }

    public double rootMeanSquare() {
        return count == 0 ? 0 : Math.sqrt(squared / count);
    }

    public double greatest() {
        return Math.max(0, greatest);
    }

    /** Where the greatest is, or null. */
    public String greatestStream() {
        return stream;
    }

    public long greatestTimestep() {
        return timestep;
    }

    /** How much what was varied: its standard deviation. */
    public double deviation() {
        return count == 0 ? 0 : Math.sqrt(Math.max(0, then2 / count - then / count * then / count));
    }

    /** Pearson's correlation; 0 where one of the two does not vary. */
    public double correlation() {
        double a = then2 - then * then / count;
        double b = now2 - now * now / count;
        return count == 0 || a <= 0 || b <= 0
                ? 0
                : (product - then * now / count) / Math.sqrt(a * b);
    }

    /** Pairs that are the same. */
    public long same() {
        return same;
    }

    /** How many shifts are of each power of two. */
    public long[] bins() {
        return bins.clone();
    }
}
