/* Builds a network as a program, layer by layer, and advances batches. */
#ifndef STREAMCELL_PROGRAM_H
#define STREAMCELL_PROGRAM_H

#include "streamcell.h"

/*
 * A program of `tensors` tensors; tensor k has time axis axes[k] (-1: none), and groups[k] times features[k] floats a
 * row. NULL where memory is out, as from every function that gives a pointer; those that give bool say false then.
 */
Program *program_new(
    const Arithmetic *arithmetic, int axes, int tensors, const int *axis, const int *groups, const int *features);
void program_free(Program *program);

/* The inputs are the first tensors; `outputs` are those numbers. */
bool program_ends(Program *program, int inputs, int outputs, const int *output);

/* A recurrent layer, whose cells are added next, lowest first. `state` is where its part of a slot begins. */
bool program_recurrent(
    Program *program, int input, int outputs, const int *output, int cells, bool return_sequences, int state);
/* Weights are Keras's: [features, gates*units], [units, gates*units] and the bias. */
bool program_cell(
    Program *program, CellKind kind, int features, int units, Activation activation, Activation recurrent_activation,
    const float *input_weights, const float *recurrent_weights, const float *bias);
/*
 * A cell of operations, which are added next, in order. `widths` are those of all registers: the input row, the states,
 * then what the operations give.
 */
bool program_composed(
    Program *program, int registers, const int *widths, int states, const int *next, int output, int units);
/* `gates` registers of `width`, whose sums start from the registers `start`.. or, below 0, from the bias. */
bool program_affine(Program *program, int gates, int width, int start, const float *bias);
/*
 * What the last affine adds up next, for the first `width` units of each gate: `rows` values of a register, from a place
 * on, times weights [rows, gates*width]; x, then h, which may be left out as -1 with no rows.
 */
bool program_terms(
    Program *program, int width, int x, int x_from, int x_rows, const float *x_weights, int h, int h_from, int h_rows,
    const float *h_weights);
/*
 * Any other operation: its kind, activation, a number, and the registers that it reads; `values` are a constant's, or a
 * clocked operation's periods.
 */
bool program_operation(
    Program *program, const int *description, int reads, const int *read, float alpha, float beta, const float *values);
bool program_dense(
    Program *program, int input, int output, int units, Activation activation, const float *weights, const float *bias);
bool program_embedding(Program *program, int input, int output, int vocabulary, int columns, const float *table);
bool program_batch_normalization(Program *program, int input, int output, const float *scale, const float *shift);
bool program_layer_normalization(
    Program *program, int input, int output, const float *gamma, const float *beta, float epsilon);
bool program_activate(Program *program, int input, int output, Activation activation);
bool program_add(Program *program, int inputs, const int *input, int output);
bool program_concatenate(Program *program, int inputs, const int *input, int output);
bool program_copy(Program *program, int input, int output);

/*
 * A call: program_rows, whose result and program_starts are filled; then for so many rows at a time as
 * program_rows_at_once says: program_pack, program_load, program_run, program_store. Inputs and outputs are those of a
 * whole batch, as the Java class Batch lays them out, of which `rows` rows from `from` on are computed.
 */

/* Makes room for rows and gives where their slots are written, or NULL where memory is out. */
int *program_rows(Program *program, int from, int rows);
/* Where the rows' starts on an axis are written, rows + 1 of them: timesteps of all rows before. */
int *program_starts(Program *program, int axis);
/* Rows whose values of all layers stay in the second-level cache, or all of them. */
int program_rows_at_once(const Program *program);
/* Whether all token ids are inside of their tables, where they are inputs. */
bool program_knows_tokens(const Program *program, const float *const *inputs);
/* Orders some of the rows and makes room for their values. */
bool program_pack(Program *program, int first, int rows);
/* In place of all these: one row of one timestep, in slot 0. */
bool program_pack_one(Program *program);
/* Copies inputs and states in. */
void program_load(Program *program, const float *const *inputs, const SlabRows *slab);
/* Computes; false where a token id is outside of its table. */
bool program_run(Program *program);
/* Copies outputs and states out. */
void program_store(Program *program, float *const *outputs, const SlabRows *slab);

#endif
