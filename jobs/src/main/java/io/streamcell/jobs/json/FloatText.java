package io.streamcell.jobs.json;

import java.nio.charset.StandardCharsets;

/**
 * Reads a JSON number as the nearest float32, rounded once, to even. Never by way of a double that
 * was rounded itself: 1.00000017881393432617187499 would become its neighbour.
 *
 * <p>At most 15 digits and a power of ten up to 22 are exact doubles, so their product or quotient
 * is the nearest double, and its nearest float is the number's own unless that double lies exactly
 * between two floats (Clinger 1990, with the halfway case left out). A number of more digits lies
 * between its first 15 and the next greater 15, and where both have the same nearest float, it is
 * the number's too: so are read the 17 digits with which most languages print a float32 that became
 * a double. Everything else is {@link Float#parseFloat}'s, which is also what the test compares
 * with. Not for use by several threads.
 */
final class FloatText {
    private static final int KEPT_DIGITS = 18;
    private static final int EXACT_DIGITS = 15;
    private static final long[] TENS = {1, 10, 100, 1000};

    /** From here on exponents are not told apart. */
    private static final int GREATEST_EXPONENT = 100_000;

    private static final int UNREADABLE = Integer.MAX_VALUE / 2;
    private static final double[] POWERS = {
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
        1e17, 1e18, 1e19, 1e20, 1e21, 1e22
    };

    /** The bits of a double that a float has no room for, and their middle. */
    private static final long DROPPED = (1L << 29) - 1;

    private static final long HALFWAY = 1L << 28;

    /** Where there is no number. */
    static final int NONE = -1;

    private int end;

    // The number is digits 10^power, and a little more where not all digits are kept.
    private long digits;
    private int count;
    private int power;
    private boolean more;

    /**
     * The float32 nearest to the number that begins at {@code from}; meaningless where {@link #end}
     * is then {@link #NONE}.
     */
    float read(byte[] text, int from) {
        digits = 0;
        count = 0;
        power = 0;
        more = false;
        boolean negative = from < text.length && text[from] == '-';
        int whole = negative ? from + 1 : from;
        int at = digits(text, whole, false);
        boolean number = at > whole && (text[whole] != '0' || at == whole + 1);
        if (at < text.length && text[at] == '.') {
            int fraction = at + 1;
            at = digits(text, fraction, true);
            number &= at > fraction;
        }
        if (at < text.length && (text[at] | 0x20) == 'e') {
            at = exponent(text, at + 1);
            number &= at != NONE;
        }
        end = number ? at : NONE;
        if (!number) {
            return 0;
        }
        float nearest = nearest();
        if (Float.isNaN(nearest)) {
            return Float.parseFloat(new String(text, from, end - from, StandardCharsets.US_ASCII));
        }
        return negative ? -nearest : nearest;
    }

    /** Where the number read last ends, or {@link #NONE} if there was none. */
    int end() {
        return end;
    }

    /** Takes digits in; where they end. */
    private int digits(byte[] text, int from, boolean fraction) {
        long kept = digits;
        int keptCount = count;
        int at = from;
        for (; at < text.length; at++) {
            int digit = text[at] - '0';
            if (digit < 0 || digit > 9) {
                break;
            }
            if (keptCount < KEPT_DIGITS) {
                kept = kept * 10 + digit;
                keptCount += kept == 0 ? 0 : 1;
                power -= fraction ? 1 : 0;
            } else {
                more |= digit != 0;
                power += fraction ? 0 : 1;
            }
        }
        digits = kept;
        count = keptCount;
        return at;
    }

    /** Takes an exponent in; where it ends, or {@link #NONE} where it has no digit. */
    private int exponent(byte[] text, int from) {
        boolean negative = from < text.length && text[from] == '-';
        boolean signed = negative || from < text.length && text[from] == '+';
        int first = signed ? from + 1 : from;
        int exponent = 0;
        int at = first;
        for (; at < text.length && text[at] >= '0' && text[at] <= '9'; at++) {
            exponent = Math.min(GREATEST_EXPONENT, exponent * 10 + text[at] - '0');
        }
        if (exponent == GREATEST_EXPONENT) {
            power = UNREADABLE;
        } else {
            power += negative ? -exponent : exponent;
        }
        return at == first ? NONE : at;
    }

    /** The nearest float to what was taken in, or NaN where that is not easily told. */
    private float nearest() {
        if (digits == 0) {
            return 0;
        }
        if (count <= EXACT_DIGITS) {
            return nearest(digits, power);
        }
        long dropped = TENS[count - EXACT_DIGITS];
        long first = digits / dropped;
        int firstPower = power + count - EXACT_DIGITS;
        float low = nearest(first, firstPower);
        boolean exact = !more && first * dropped == digits;
        return exact || low == nearest(first + 1, firstPower) ? low : Float.NaN;
    }

    private static float nearest(long exact, int power) {
        if (power < -22 || power > 22) {
            return Float.NaN;
        }
        double nearest = power < 0 ? exact / POWERS[-power] : exact * POWERS[power];
        boolean between = (Double.doubleToRawLongBits(nearest) & DROPPED) == HALFWAY;
        return between || nearest < Float.MIN_NORMAL ? Float.NaN : (float) nearest;
    }
}
