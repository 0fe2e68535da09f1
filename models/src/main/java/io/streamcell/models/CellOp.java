package io.streamcell.models;

import java.util.List;
import java.util.function.IntUnaryOperator;

/**
 * One operation of a {@link ComposedCell}. It reads registers and gives one or more new ones, which
 * are numbered on. A register is a vector.
 */
public sealed interface CellOp {
    /** In place of a register that is not there. */
    int NONE = -1;

    /** Registers that it gives. */
    default int gives() {
        return 1;
    }

    /** The registers that it reads. */
    List<Integer> reads();

    /** The same operation on registers of other numbers. */
    CellOp renumbered(IntUnaryOperator number);

    void describe(CanonicalForm form);

    /**
     * What an {@link Affine} adds up: a register from one of its places on, times weights.
     *
     * @param weights {@code [values read, gates*width]}; of one gate, from the second term on, they
     *     may have fewer columns, which are those of the first units
     */
    record Term(int register, int from, Weights weights) {}

    /**
     * {@code gates} registers of {@code width}: each value is one chain of fused multiply-adds,
     * term after term.
     *
     * @param start the first of {@code gates} registers side by side that the chains start from, or
     *     {@link #NONE}
     * @param bias {@code [gates*width]} that they start from when there is no such register
     */
    record Affine(int gates, int width, int start, Weights bias, List<Term> terms)
            implements CellOp {
        public Affine {
            terms = List.copyOf(terms);
            if (terms.isEmpty()) {
                throw new IllegalArgumentException("sums must have a term, got none");
            }
            CellShapes.check("a cell's bias", bias, 1, gates * width);
            for (int k = 0; k < terms.size(); k++) {
                Weights weights = terms.get(k).weights();
                boolean some = k > 0 && gates == 1 && weights.columns() < width;
                int columns = some ? weights.columns() : gates * width;
                CellShapes.check("a cell's weights", weights, weights.rows(), columns);
            }
        }

        @Override
        public int gives() {
            return gates;
        }

        @Override
        public List<Integer> reads() {
            return java.util.stream.Stream.concat(
                            java.util.stream.IntStream.range(
                                            start, start == NONE ? start : start + gates)
                                    .boxed(),
                            terms.stream().map(Term::register))
                    .toList();
        }

        @Override
        public CellOp renumbered(IntUnaryOperator number) {
            List<Term> renumbered =
                    terms.stream()
                            .map(
                                    term ->
                                            new Term(
                                                    number.applyAsInt(term.register()),
                                                    term.from(),
                                                    term.weights()))
                            .toList();
            int first = start == NONE ? NONE : number.applyAsInt(start);
            return new Affine(gates, width, first, bias, renumbered);
        }

        @Override
        public void describe(CanonicalForm form) {
            form.text("affine").number(gates).number(width).number(start).weights(bias);
            form.number(terms.size());
            for (Term term : terms) {
                form.number(term.register()).number(term.from()).weights(term.weights());
            }
        }
    }

    /** The same vector at every timestep. */
    record Constant(Weights values) implements CellOp {
        @Override
        public List<Integer> reads() {
            return List.of();
        }

        @Override
        public CellOp renumbered(IntUnaryOperator number) {
            return this;
        }

        @Override
        public void describe(CanonicalForm form) {
            form.text("constant").weights(values);
        }
    }

    /** A function of every value of a register. */
    record Apply(ElementFunction function, int x) implements CellOp {
        @Override
        public List<Integer> reads() {
            return List.of(x);
        }

        @Override
        public CellOp renumbered(IntUnaryOperator number) {
            return new Apply(function, number.applyAsInt(x));
        }

        @Override
        public void describe(CanonicalForm form) {
            form.text("apply").number(x);
            function.describe(form);
        }
    }

    /** Two registers of one width, value by value. */
    record Combine(Kind kind, int x, int y) implements CellOp {
        /** How. */
        public enum Kind {
            ADD,
            SUBTRACT,
            MULTIPLY
        }

        @Override
        public List<Integer> reads() {
            return List.of(x, y);
        }

        @Override
        public CellOp renumbered(IntUnaryOperator number) {
            return new Combine(kind, number.applyAsInt(x), number.applyAsInt(y));
        }

        @Override
        public void describe(CanonicalForm form) {
            form.text(kind.name()).number(x).number(y);
        }
    }

    /** {@code fma(x, y, z)}, value by value. */
    record Fused(int x, int y, int z) implements CellOp {
        @Override
        public List<Integer> reads() {
            return List.of(x, y, z);
        }

        @Override
        public CellOp renumbered(IntUnaryOperator number) {
            return new Fused(number.applyAsInt(x), number.applyAsInt(y), number.applyAsInt(z));
        }

        @Override
        public void describe(CanonicalForm form) {
            form.text("fused").number(x).number(y).number(z);
        }
    }

    /**
     * The units fall into equal modules, one a period: {@code fresh} where the clock, a register of
     * one value, is a multiple of the module's.
     */
    record Clocked(int clock, List<Integer> periods, int fresh, int kept) implements CellOp {
        public Clocked {
            periods = List.copyOf(periods);
        }

        /** The first unit of a module: unit n is in module n*modules/units, rounded down. */
        public static int first(int module, int modules, int units) {
            return (module * units + modules - 1) / modules;
        }

        @Override
        public List<Integer> reads() {
            return List.of(clock, fresh, kept);
        }

        @Override
        public CellOp renumbered(IntUnaryOperator number) {
            return new Clocked(
                    number.applyAsInt(clock),
                    periods,
                    number.applyAsInt(fresh),
                    number.applyAsInt(kept));
        }

        @Override
        public void describe(CanonicalForm form) {
            if (periods.size() == 1) {
                form.text("clocked").number(clock);
            } else {
                form.text("clocked modules").number(clock).number(periods.size());
            }
            periods.forEach(form::number);
            form.number(fresh).number(kept);
        }
    }

    /** The clock, one timestep on; at {@code limit}, a multiple of all periods, it starts again. */
    record Tick(int clock, int limit) implements CellOp {
        @Override
        public List<Integer> reads() {
            return List.of(clock);
        }

        @Override
        public CellOp renumbered(IntUnaryOperator number) {
            return new Tick(number.applyAsInt(clock), limit);
        }

        @Override
        public void describe(CanonicalForm form) {
            form.text("tick").number(clock).number(limit);
        }
    }
}
