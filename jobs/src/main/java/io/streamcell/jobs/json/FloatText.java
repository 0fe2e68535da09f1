package io.streamcell.jobs.json;

/**
 * Reads a JSON number as the nearest float32, rounded once, to even. Never by way of a double that
 * was rounded itself: 1.00000017881393432617187499 would become its neighbour.
 *
 * <p>Most numbers have few digits. For at most 15 of them and a power of ten up to 22, both are
 * exact doubles, so their product is the nearest double, and its nearest float is the number's own
 * unless that double lies exactly between two floats (Clinger 1990, with the halfway case left
 * out). Everything else is {@link Float#parseFloat}'s, which is also what the test compares with.
 */
final class FloatText {
    private static final int MAX_DIGITS = 15;
    private static final double[] POWERS = {
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
        1e17, 1e18, 1e19, 1e20, 1e21, 1e22
    };

    /** The bits of a double that a float has no room for, and their middle. */
    private static final long DROPPED = (1L << 29) - 1;

    private static final long HALFWAY = 1L << 28;

    private FloatText() {}

    /** The float32 nearest to the number in {@code text[from, from + length)}. */
    static float parse(char[] text, int from, int length) {
        int end = from + length;
        int at = from;
        boolean negative = text[at] == '-';
        if (negative) {
            at++;
        }
        long digits = 0;
        int count = 0;
        int scale = 0;
        boolean fraction = false;
        for (; at < end; at++) {
            char c = text[at];
            if (c == '.' && !fraction) {
                fraction = true;
            } else if (c >= '0' && c <= '9') {
                digits = digits * 10 + (c - '0');
                count += digits == 0 ? 0 : 1;
                scale += fraction ? 1 : 0;
            } else {
                break;
            }
            if (count > MAX_DIGITS) {
                break;
            }
        }
        if (at < end || scale >= POWERS.length) {
            return Float.parseFloat(new String(text, from, length));
        }
        double nearest = digits / POWERS[scale];
        boolean between = (Double.doubleToRawLongBits(nearest) & DROPPED) == HALFWAY;
        boolean normal = nearest >= Float.MIN_NORMAL || digits == 0;
        if (between || !normal) {
            return Float.parseFloat(new String(text, from, length));
        }
        return negative ? -(float) nearest : (float) nearest;
    }
}
