package io.streamcell.jobs.json;

import java.math.BigInteger;

/**
 * Writes a float32 as the shortest decimal that reads back to it, the closest of several such, as
 * {@code Float.toString} does from Java 19 on, whatever the Java version: Schubfach (Giulietti, The
 * Schubfach way to render doubles, 2020), straight into bytes. The test compares it with Jackson's.
 */
final class ShortestFloat {
    /** The longest is as long as -1.17549435E-38. */
    static final int MOST_BYTES = 15;

    private static final int FRACTION_BITS = 23;
    private static final int FRACTION = (1 << FRACTION_BITS) - 1;
    private static final int LEAST_NORMAL = 1 << FRACTION_BITS;
    private static final int LEAST_EXPONENT = -149;

    /** Subnormals below this many steps need a digit more than they have. */
    private static final int TINY = 8;

    private static final int DIGITS = 9;
    private static final int[] TENS = {
        1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000, 1_000_000_000
    };

    private static final int LEAST_POWER = -45;
    private static final int GREATEST_POWER = 31;

    /** For each k: 10^-k, scaled into 126 bits, rounded up; of it the upper 63 bits, and one. */
    private static final long[] POWERS = powers();

    private ShortestFloat() {}

    private static long[] powers() {
        long[] powers = new long[GREATEST_POWER - LEAST_POWER + 1];
        for (int k = LEAST_POWER; k <= GREATEST_POWER; k++) {
            BigInteger ten = BigInteger.TEN.pow(Math.abs(k));
            BigInteger scaled =
                    k > 0
                            ? BigInteger.ONE.shiftLeft(125 + ten.bitLength()).divide(ten)
                            : ten.shiftLeft(126 - ten.bitLength());
            powers[k - LEAST_POWER] = scaled.add(BigInteger.ONE).shiftRight(63).longValue() + 1;
        }
        return powers;
    }

    /**
     * Writes a finite value.
     *
     * @param to has room for {@link #MOST_BYTES} from {@code at}
     * @return where the text ends
     */
    static int write(float value, byte[] to, int at) {
        int bits = Float.floatToRawIntBits(value);
        int next = at;
        if (bits < 0) {
            to[next++] = '-';
        }
        int exponent = bits >>> FRACTION_BITS & 0xFF;
        int fraction = bits & FRACTION;
        if (exponent == 0) {
            if (fraction == 0) {
                return decimal(0, 0, to, next);
            }
            return fraction < TINY
                    ? shortest(LEAST_EXPONENT, 10 * fraction, -1, to, next)
                    : shortest(LEAST_EXPONENT, fraction, 0, to, next);
        }
        int shift = 1 - LEAST_EXPONENT - exponent;
        int significand = LEAST_NORMAL | fraction;
        boolean whole = 0 < shift && shift <= FRACTION_BITS;
        if (whole && significand >> shift << shift == significand) {
            return decimal(significand >> shift, 0, to, next);
        }
        return shortest(-shift, significand, 0, to, next);
    }

    /**
     * The shortest decimal within the rounding interval of {@code c 2^q}, times {@code 10^more}.
     */
    private static int shortest(int q, int c, int more, byte[] to, int at) {
        int odd = c & 1;
        boolean even = c != LEAST_NORMAL || q == LEAST_EXPONENT;
        int k = even ? log10OfPow2(q) : log10OfThreeQuartersPow2(q);
        int shift = q + log2OfPow10(-k) + 33;
        long power = POWERS[k - LEAST_POWER];
        long middle = (long) c << 2;
        int value = scaled(power, middle << shift);
        int low = scaled(power, middle - (even ? 2 : 1) << shift) + odd;
        int high = scaled(power, middle + 2 << shift) - odd;
        int floor = value >> 2;
        if (floor >= 100) {
            int below = floor / 10 * 10;
            boolean belowFits = low <= below << 2;
            boolean aboveFits = below + 10 << 2 <= high;
            if (belowFits != aboveFits) {
                return decimal(belowFits ? below : below + 10, k, to, at);
            }
        }
        boolean floorFits = low <= floor << 2;
        boolean ceilingFits = floor + 1 << 2 <= high;
        if (floorFits != ceilingFits) {
            return decimal(floorFits ? floor : floor + 1, k + more, to, at);
        }
        int nearer = value - (2 * floor + 1 << 1);
        boolean down = nearer < 0 || nearer == 0 && (floor & 1) == 0;
        return decimal(down ? floor : floor + 1, k + more, to, at);
    }

    /** The product's upper bits, rounded to odd. */
    private static int scaled(long power, long significand) {
        long high = Math.multiplyHigh(power, significand);
        return (int) (high >>> 31 | (high & 0xFFFFFFFFL) + 0xFFFFFFFFL >>> 32);
    }

    private static int log10OfPow2(int e) {
        return (int) (e * 661_971_961_083L >> 41);
    }

    private static int log10OfThreeQuartersPow2(int e) {
        return (int) (e * 661_971_961_083L - 274_743_187_321L >> 41);
    }

    private static int log2OfPow10(int e) {
        return (int) (e * 913_124_641_741L >> 38);
    }

    /** {@code digits 10^exponent}, plain from 0.001 to 10^7, else with an exponent. */
    private static int decimal(int digits, int exponent, byte[] to, int at) {
        int length = 1;
        while (length < DIGITS && digits >= TENS[length]) {
            length++;
        }
        int nine = digits * TENS[DIGITS - length];
        int point = digits == 0 ? 1 : exponent + length;
        int next = at;
        if (-3 < point && point <= 0) {
            to[next++] = '0';
            to[next++] = '.';
            for (int k = point; k < 0; k++) {
                to[next++] = '0';
            }
            return fraction(nine, DIGITS, to, next);
        }
        boolean plain = 0 < point && point <= 7;
        int before = plain ? point : 1;
        int unit = TENS[DIGITS - before];
        next = fixed(nine / unit, before, to, next);
        to[next++] = '.';
        next = fraction(nine % unit, DIGITS - before, to, next);
        return plain ? next : exponent(point - 1, to, next);
    }

    /** Digits without the zeros at their end, but one at least. */
    private static int fraction(int digits, int length, byte[] to, int at) {
        int end = fixed(digits, length, to, at);
        while (end > at + 1 && to[end - 1] == '0') {
            end--;
        }
        return end;
    }

    private static int fixed(int digits, int length, byte[] to, int at) {
        int left = digits;
        for (int k = at + length - 1; k >= at; k--) {
            int rest = left / 10;
            to[k] = (byte) ('0' + left - 10 * rest);
            left = rest;
        }
        return at + length;
    }

    private static int exponent(int exponent, byte[] to, int at) {
        int next = at;
        to[next++] = 'E';
        if (exponent < 0) {
            to[next++] = '-';
        }
        int size = Math.abs(exponent);
        return fixed(size, size < 10 ? 1 : 2, to, next);
    }
}
