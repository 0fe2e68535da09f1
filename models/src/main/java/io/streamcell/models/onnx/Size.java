package io.streamcell.models.onnx;

import java.util.ArrayList;
import java.util.List;

/**
 * A whole number of shape arithmetic, as far as it is known: {@code factor * the lengths of the
 * symbols + offset}.
 *
 * @param symbols axes of unknown length (see {@link Axis}), sorted
 */
record Size(long factor, List<Integer> symbols, long offset) {
    Size {
        symbols = symbols.stream().sorted().toList();
    }

    static Size of(long number) {
        return new Size(number, List.of(), 0);
    }

    boolean known() {
        return symbols.isEmpty();
    }

    boolean is(long number) {
        return known() && factor == number;
    }

    /**
     * @throws ArithmeticException if it depends on the batch or on the number of timesteps
     */
    long number() {
        if (!known()) {
            throw new ArithmeticException("a number must not depend on a length, got " + this);
        }
        return factor;
    }

    Size plus(Size other) {
        if (known() && other.known()) {
            return of(Math.addExact(factor, other.factor));
        } else if (other.known()) {
            return new Size(factor, symbols, Math.addExact(offset, other.factor));
        } else if (known()) {
            return other.plus(this);
        } else if (symbols.equals(other.symbols)) {
            long sum = Math.addExact(factor, other.factor);
            long rest = Math.addExact(offset, other.offset);
            return sum == 0 ? of(rest) : new Size(sum, symbols, rest);
        }
        throw new ArithmeticException("lengths must be of one axis, got " + this + " + " + other);
    }

    Size times(Size other) {
        if (other.known()) {
            long times = other.factor;
            return times == 0
                    ? of(0)
                    : scaled(Math.multiplyExact(factor, times), Math.multiplyExact(offset, times));
        } else if (known()) {
            return other.times(this);
        } else if (offset != 0 || other.offset != 0) {
            throw new ArithmeticException(
                    "a product must be of whole lengths, got (" + this + ")(" + other + ")");
        }
        List<Integer> all = new ArrayList<>(symbols);
        all.addAll(other.symbols);
        return new Size(Math.multiplyExact(factor, other.factor), all, 0);
    }

    private Size scaled(long times, long rest) {
        return new Size(times, symbols, rest);
    }

    /** The quotient, where it is whole. */
    Size over(Size other) {
        if (known() && other.known() && other.factor != 0) {
            return of(Math.floorDiv(factor, other.factor));
        }
        List<Integer> left = new ArrayList<>(symbols);
        boolean whole =
                offset == 0 && other.offset == 0 && other.factor != 0 && factor % other.factor == 0;
        for (Integer symbol : other.symbols) {
            whole &= left.remove(symbol);
        }
        if (!whole) {
            throw new ArithmeticException(
                    "a quotient must be whole, got (" + this + ") / (" + other + ")");
        }
        return new Size(factor / other.factor, left, 0);
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        if (known() || factor != 1) {
            text.append(factor);
        }
        for (int symbol : symbols) {
            text.append(text.isEmpty() ? "" : "*").append(Axis.name(symbol));
        }
        return text.append(offset == 0 ? "" : " + " + offset).toString();
    }
}
