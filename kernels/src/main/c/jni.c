/*
 * The door to Java: the native methods of io.streamcell.kernels.jni.NativeProgram. Java's arrays are borrowed while
 * they are copied, never while something is computed, so that the garbage collector never waits long.
 */
#include <jni.h>
#include <stdlib.h>

#include "program.h"

#define METHOD(TYPE, NAME) JNIEXPORT TYPE JNICALL Java_io_streamcell_kernels_jni_NativeProgram_##NAME

/* What a call gives; the Java side turns them into exceptions. */
enum { DONE = 0, OUT_OF_MEMORY = 1, NO_PAGE = 2, BAD_TOKEN = 3 };

static Program *program_at(jlong address) { return (Program *)(uintptr_t)address; }

static int *ints_of(JNIEnv *env, jintArray array) { return (*env)->GetIntArrayElements(env, array, NULL); }

static void free_ints(JNIEnv *env, jintArray array, int *values) {
  (*env)->ReleaseIntArrayElements(env, array, values, JNI_ABORT);
}

static float *floats_of(JNIEnv *env, jfloatArray array) { return (*env)->GetFloatArrayElements(env, array, NULL); }

static void free_floats(JNIEnv *env, jfloatArray array, float *values) {
  if (values) (*env)->ReleaseFloatArrayElements(env, array, values, JNI_ABORT);
}

/* Which instruction sets this processor has: 2 AVX-512, 1 AVX2, 0 neither. */
METHOD(jint, level)(JNIEnv *env, jclass type) {
  (void)env;
  (void)type;
#if defined(__x86_64__)
  __builtin_cpu_init();
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl")
      && __builtin_cpu_supports("avx512bw")) {
    return 2;
  }
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return 1;
#endif
  return 0;
}

static const Arithmetic *arithmetic_of(jint level) {
#if defined(__x86_64__)
  if (level == 2) return &arithmetic_avx512;
  if (level == 1) return &arithmetic_avx2;
#endif
  (void)level;
  return &arithmetic_plain;
}

METHOD(jlong, create)
(JNIEnv *env, jclass type, jint level, jint axes, jintArray axis, jintArray groups, jintArray features) {
  (void)type;
  int *a = ints_of(env, axis), *g = ints_of(env, groups), *f = ints_of(env, features);
  Program *program =
      a && g && f ? program_new(arithmetic_of(level), axes, (*env)->GetArrayLength(env, axis), a, g, f) : NULL;
  if (a) free_ints(env, axis, a);
  if (g) free_ints(env, groups, g);
  if (f) free_ints(env, features, f);
  return (jlong)(uintptr_t)program;
}

METHOD(void, free)(JNIEnv *env, jclass type, jlong program) {
  (void)env;
  (void)type;
  program_free(program_at(program));
}

METHOD(jboolean, ends)(JNIEnv *env, jclass type, jlong program, jint inputs, jintArray outputs) {
  (void)type;
  int *output = ints_of(env, outputs);
  if (!output) return false;
  const bool done = program_ends(program_at(program), inputs, (*env)->GetArrayLength(env, outputs), output);
  free_ints(env, outputs, output);
  return done;
}

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

/* ---- advancing ---- */

/* Java arrays that are borrowed together. */
typedef struct {
  int count;
  jarray *array;
  void **values;
} Loan;

static void borrow(JNIEnv *env, Loan *loan) {
  for (int k = 0; k < loan->count; k++) {
    loan->values[k] = loan->array[k] ? (*env)->GetPrimitiveArrayCritical(env, loan->array[k], NULL) : NULL;
  }
}

/* `mode` is JNI_ABORT for arrays that were only read. */
static void give_back(JNIEnv *env, Loan *loan, jint mode) {
  for (int k = loan->count - 1; k >= 0; k--) {
    if (loan->values[k]) (*env)->ReleasePrimitiveArrayCritical(env, loan->array[k], loan->values[k], mode);
  }
}

static bool all_borrowed(const Loan *loan) {
  for (int k = 0; k < loan->count; k++) {
    if (loan->array[k] && !loan->values[k]) return false;
  }
  return true;
}

static void take(JNIEnv *env, Loan *loan, jobjectArray from, int count, jarray *array, void **values) {
  *loan = (Loan){count, array, values};
  for (int k = 0; k < count; k++) array[k] = (*env)->GetObjectArrayElement(env, from, k);
}

/* What a call needs, in the memory of the program. */
typedef struct {
  BatchRows batch;
  SlabRows slab;
  Loan starts, inputs, outputs, pages;
} Call;

/* The pages that the rows' slots are in; false where one of them does not exist. */
static bool take_pages(JNIEnv *env, Call *call, jobjectArray pages, jarray *array, void **values) {
  call->pages = (Loan){(*env)->GetArrayLength(env, pages), array, values};
  const BatchRows *batch = &call->batch;
  int last = -1;
  for (int row = 0; row < batch->rows; row++) {
    const int page = batch->slots[row] / call->slab.per_page;
    if (page == last || array[page]) continue;
    array[page] = (*env)->GetObjectArrayElement(env, pages, page);
    if (!array[page]) return false;
    last = page;
  }
  return true;
}

static int load(JNIEnv *env, Call *call, Program *program) {
  borrow(env, &call->inputs);
  borrow(env, &call->pages);
  const bool there = all_borrowed(&call->inputs) && all_borrowed(&call->pages);
  if (there) program_load(program, &call->batch, (const float *const *)call->inputs.values, &call->slab);
  give_back(env, &call->pages, JNI_ABORT);
  give_back(env, &call->inputs, JNI_ABORT);
  return there ? DONE : OUT_OF_MEMORY;
}

static int put(JNIEnv *env, Call *call, Program *program) {
  borrow(env, &call->outputs);
  borrow(env, &call->pages);
  const bool there = all_borrowed(&call->outputs) && all_borrowed(&call->pages);
  if (there) program_store(program, &call->batch, (float *const *)call->outputs.values, &call->slab);
  give_back(env, &call->pages, 0);
  give_back(env, &call->outputs, 0);
  return there ? DONE : OUT_OF_MEMORY;
}

static bool pack(JNIEnv *env, Call *call, Program *program) {
  borrow(env, &call->starts);
  call->batch.starts = (const int *const *)call->starts.values;
  return all_borrowed(&call->starts) && program_pack(program, &call->batch);
}

static int advance(JNIEnv *env, Call *call, Program *program, jobjectArray pages, jarray *page, void **values) {
  if (!take_pages(env, call, pages, page, values)) return NO_PAGE;
  call->slab.pages = (float *const *)values;
  /* The rows' lengths stay borrowed while rows are copied in or out. */
  if (!pack(env, call, program)) {
    give_back(env, &call->starts, JNI_ABORT);
    return OUT_OF_MEMORY;
  }
  int status = load(env, call, program);
  give_back(env, &call->starts, JNI_ABORT);
  if (status != DONE) return status;
  if (!program_run(program)) return BAD_TOKEN;
  borrow(env, &call->starts);
  call->batch.starts = (const int *const *)call->starts.values;
  status = all_borrowed(&call->starts) ? put(env, call, program) : OUT_OF_MEMORY;
  give_back(env, &call->starts, JNI_ABORT);
  return status;
}

METHOD(jint, advance)
(JNIEnv *env, jclass type, jlong address, jint from, jint rows, jintArray slots, jobjectArray starts, jobjectArray pages,
 jint per_page, jint width, jobjectArray inputs, jobjectArray outputs) {
  (void)type;
  const int axes = (*env)->GetArrayLength(env, starts);
  const int ins = (*env)->GetArrayLength(env, inputs);
  const int outs = (*env)->GetArrayLength(env, outputs);
  const int all_pages = (*env)->GetArrayLength(env, pages);
  const int arrays = axes + ins + outs + all_pages;
  /* Each array and where it lies, and the slots. */
  enum { ON_STACK = 64 };
  jarray few[ON_STACK] = {0};
  void *few_values[ON_STACK] = {0};
  int few_slots[ON_STACK];
  jarray *array = arrays <= ON_STACK ? few : calloc(arrays, sizeof *array);
  void **values = arrays <= ON_STACK ? few_values : calloc(arrays, sizeof *values);
  int *slot = rows <= ON_STACK ? few_slots : malloc(rows * sizeof *slot);
  int status = OUT_OF_MEMORY;
  if (array && values && slot && (*env)->PushLocalFrame(env, arrays) == 0) {
    (*env)->GetIntArrayRegion(env, slots, from, rows, slot);
    Call call = {.batch = {from, rows, slot, NULL}, .slab = {NULL, per_page, width}};
    take(env, &call.starts, starts, axes, array, values);
    take(env, &call.inputs, inputs, ins, array + axes, values + axes);
    take(env, &call.outputs, outputs, outs, array + axes + ins, values + axes + ins);
    const int before = axes + ins + outs;
    status = advance(env, &call, program_at(address), pages, array + before, values + before);
    (*env)->PopLocalFrame(env, NULL);
  }
  if (array != few) free(array);
  if (values != few_values) free(values);
  if (slot != few_slots) free(slot);
  return status;
}
