/* The native methods that build a program, layer by layer. */
#include "jni_door.h"

METHOD(jboolean, recurrent)
(JNIEnv *env, jclass type, jlong program, jint input, jintArray outputs, jint cells, jboolean sequences, jint state) {
  (void)type;
  int *output = ints_of(env, outputs);
  if (!output) return false;
  const int count = (*env)->GetArrayLength(env, outputs);
  const bool done = program_recurrent(program_at(program), input, count, output, cells, sequences, state);
  free_ints(env, outputs, output);
  return done;
}

METHOD(jboolean, cell)
(JNIEnv *env, jclass type, jlong program, jint kind, jint features, jint units, jint activation, jint recurrent_activation,
 jfloatArray input_weights, jfloatArray recurrent_weights, jfloatArray bias) {
  (void)type;
  float *x = floats_of(env, input_weights), *h = floats_of(env, recurrent_weights), *b = floats_of(env, bias);
  const bool done =
      x && h && b
      && program_cell(
          program_at(program), (CellKind)kind, features, units, (Activation)activation, (Activation)recurrent_activation, x,
          h, b);
  free_floats(env, input_weights, x);
  free_floats(env, recurrent_weights, h);
  free_floats(env, bias, b);
  return done;
}

METHOD(jboolean, composed)
(JNIEnv *env, jclass type, jlong program, jintArray widths, jintArray next, jint output, jint units) {
  (void)type;
  int *w = ints_of(env, widths), *n = ints_of(env, next);
  const bool done =
      w && n
      && program_composed(
          program_at(program), (*env)->GetArrayLength(env, widths), w, (*env)->GetArrayLength(env, next), n, output, units);
  if (w) free_ints(env, widths, w);
  if (n) free_ints(env, next, n);
  return done;
}

METHOD(jboolean, affine)
(JNIEnv *env, jclass type, jlong program, jint gates, jint width, jint start, jfloatArray bias) {
  (void)type;
  float *b = floats_of(env, bias);
  const bool done = b && program_affine(program_at(program), gates, width, start, b);
  free_floats(env, bias, b);
  return done;
}

METHOD(jboolean, terms)
(JNIEnv *env, jclass type, jlong program, jintArray places, jfloatArray x_weights, jfloatArray h_weights) {
  (void)type;
  int *p = ints_of(env, places);
  float *x = floats_of(env, x_weights), *h = floats_of(env, h_weights);
  const bool done = p && x && h && program_terms(program_at(program), p[0], p[1], p[2], p[3], x, p[4], p[5], p[6], h);
  if (p) free_ints(env, places, p);
  free_floats(env, x_weights, x);
  free_floats(env, h_weights, h);
  return done;
}

METHOD(jboolean, operation)
(JNIEnv *env, jclass type, jlong program, jintArray description, jintArray reads, jfloat alpha, jfloat beta,
 jfloatArray values) {
  (void)type;
  int *d = ints_of(env, description), *r = ints_of(env, reads);
  float *v = floats_of(env, values);
  const bool done =
      d && r && v
      && program_operation(program_at(program), d, (*env)->GetArrayLength(env, reads), r, alpha, beta, v);
  if (d) free_ints(env, description, d);
  if (r) free_ints(env, reads, r);
  free_floats(env, values, v);
  return done;
}

METHOD(jboolean, dense)
(JNIEnv *env, jclass type, jlong program, jint input, jint output, jint units, jint activation, jfloatArray weights,
 jfloatArray bias) {
  (void)type;
  float *w = floats_of(env, weights), *b = floats_of(env, bias);
  const bool done = w && b && program_dense(program_at(program), input, output, units, (Activation)activation, w, b);
  free_floats(env, weights, w);
  free_floats(env, bias, b);
  return done;
}

METHOD(jboolean, embedding)
(JNIEnv *env, jclass type, jlong program, jint input, jint output, jint vocabulary, jint columns, jfloatArray table) {
  (void)type;
  float *t = floats_of(env, table);
  const bool done = t && program_embedding(program_at(program), input, output, vocabulary, columns, t);
  free_floats(env, table, t);
  return done;
}

METHOD(jboolean, batchNormalization)
(JNIEnv *env, jclass type, jlong program, jint input, jint output, jfloatArray scale, jfloatArray shift) {
  (void)type;
  float *a = floats_of(env, scale), *b = floats_of(env, shift);
  const bool done = a && b && program_batch_normalization(program_at(program), input, output, a, b);
  free_floats(env, scale, a);
  free_floats(env, shift, b);
  return done;
}

METHOD(jboolean, layerNormalization)
(JNIEnv *env, jclass type, jlong program, jint input, jint output, jfloatArray gamma, jfloatArray beta, jfloat epsilon) {
  (void)type;
  float *a = floats_of(env, gamma), *b = floats_of(env, beta);
  const bool done = a && b && program_layer_normalization(program_at(program), input, output, a, b, epsilon);
  free_floats(env, gamma, a);
  free_floats(env, beta, b);
  return done;
}

METHOD(jboolean, activate)(JNIEnv *env, jclass type, jlong program, jint input, jint output, jint activation) {
  (void)env;
  (void)type;
  return program_activate(program_at(program), input, output, (Activation)activation);
}

METHOD(jboolean, add)(JNIEnv *env, jclass type, jlong program, jintArray inputs, jint output) {
  (void)type;
  int *input = ints_of(env, inputs);
  const bool done = input && program_add(program_at(program), (*env)->GetArrayLength(env, inputs), input, output);
  if (input) free_ints(env, inputs, input);
  return done;
}

METHOD(jboolean, concatenate)(JNIEnv *env, jclass type, jlong program, jintArray inputs, jint output) {
  (void)type;
  int *input = ints_of(env, inputs);
  const bool done = input && program_concatenate(program_at(program), (*env)->GetArrayLength(env, inputs), input, output);
  if (input) free_ints(env, inputs, input);
  return done;
}

METHOD(jboolean, copy)(JNIEnv *env, jclass type, jlong program, jint input, jint output) {
  (void)env;
  (void)type;
  return program_copy(program_at(program), input, output);
}
