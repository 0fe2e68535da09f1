/*
 * The door to Java: the native methods of io.streamcell.kernels.jni.NativeProgram. Java's arrays are borrowed while
 * they are copied, never while something is computed, so that the garbage collector never waits long.
 */
#include "jni_door.h"

#include <stdlib.h>

/* What advance gives; the Java side turns them into exceptions. */
enum { DONE = 0, OUT_OF_MEMORY = 1, NO_PAGE = 2, BAD_TOKEN = 3 };

/* Borrows an array until it is given back; false where memory is out. */
static bool borrow(JNIEnv *env, Loan *loan) {
  loan->values = (*env)->GetPrimitiveArrayCritical(env, loan->array, NULL);
  return loan->values != NULL;
}

/* `mode` is JNI_ABORT for an array that was only read. */
static void give_back(JNIEnv *env, Loan *loan, jint mode) {
  if (loan->values) (*env)->ReleasePrimitiveArrayCritical(env, loan->array, loan->values, mode);
  loan->values = NULL;
}

static bool borrow_all(JNIEnv *env, Loans *loans) {
  bool done = true;
  for (int k = 0; k < loans->count; k++) {
    done &= borrow(env, &loans->loan[k]);
    loans->values[loans->place[k]] = loans->loan[k].values;
  }
  return done;
}

static void give_all_back(JNIEnv *env, Loans *loans, jint mode) {
  for (int k = loans->count - 1; k >= 0; k--) {
    give_back(env, &loans->loan[k], mode);
    loans->values[loans->place[k]] = NULL;
  }
}

static bool room_for(Loans *loans, int places) {
  loans->loan = calloc(places + 1, sizeof *loans->loan);
  loans->place = calloc(places + 1, sizeof *loans->place);
  loans->values = calloc(places + 1, sizeof *loans->values);
  return loans->loan && loans->place && loans->values;
}

static void free_loans(Loans *loans) {
  free(loans->loan);
  free(loans->place);
  free(loans->values);
  *loans = (Loans){0};
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
  Handle *handle = calloc(1, sizeof *handle);
  if (handle && a && g && f) {
    handle->axes = axes;
    handle->program = program_new(arithmetic_of(level), axes, (*env)->GetArrayLength(env, axis), a, g, f);
  }
  if (a) free_ints(env, axis, a);
  if (g) free_ints(env, groups, g);
  if (f) free_ints(env, features, f);
  if (handle && !handle->program) {
    free(handle);
    handle = NULL;
  }
  return (jlong)(uintptr_t)handle;
}

METHOD(void, free)(JNIEnv *env, jclass type, jlong program) {
  (void)env;
  (void)type;
  Handle *handle = handle_at(program);
  if (!handle) return;
  program_free(handle->program);
  free_loans(&handle->inputs);
  free_loans(&handle->outputs);
  free_loans(&handle->pages);
  free(handle->taken);
  free(handle->widths);
  free(handle);
}

METHOD(jboolean, ends)(JNIEnv *env, jclass type, jlong program, jint inputs, jintArray outputs) {
  (void)type;
  int *output = ints_of(env, outputs);
  if (!output) return false;
  Handle *handle = handle_at(program);
  const int count = (*env)->GetArrayLength(env, outputs);
  const bool done = program_ends(handle->program, inputs, count, output) && room_for(&handle->inputs, inputs)
                    && room_for(&handle->outputs, count);
  handle->inputs.count = inputs;
  handle->outputs.count = count;
  free_ints(env, outputs, output);
  return done;
}

/* ---- advancing ---- */

static void take(JNIEnv *env, Loans *loans, jobjectArray from) {
  for (int k = 0; k < loans->count; k++) {
    loans->loan[k].array = (*env)->GetObjectArrayElement(env, from, k);
    loans->place[k] = k;
  }
}

static bool room_for_pages(Handle *handle, int pages) {
  if (pages <= handle->page_room) return true;
  free_loans(&handle->pages);
  free(handle->taken);
  handle->taken = calloc(pages, sizeof *handle->taken);
  handle->page_room = handle->taken && room_for(&handle->pages, pages) ? pages : 0;
  return handle->page_room > 0;
}

/* Takes the pages that the rows' slots are in; false where one of them does not exist. */
static bool take_pages(JNIEnv *env, Handle *handle, jobjectArray pages, const int *slots, int rows, int page_bits) {
  Loans *loans = &handle->pages;
  loans->count = 0;
  bool there = true;
  for (int row = 0; row < rows && there; row++) {
    const int page = slots[row] >> page_bits;
    if (handle->taken[page]) continue;
    jarray array = (*env)->GetObjectArrayElement(env, pages, page);
    there = array != NULL;
    if (!there) break;
    handle->taken[page] = true;
    loans->loan[loans->count] = (Loan){array, NULL};
    loans->place[loans->count++] = page;
  }
  for (int k = 0; k < loans->count; k++) handle->taken[loans->place[k]] = false;
  return there;
}

/* Before anything is changed. */
static jint check_tokens(JNIEnv *env, Handle *handle) {
  const bool there = borrow_all(env, &handle->inputs);
  const bool known = there && program_knows_tokens(handle->program, (const float *const *)handle->inputs.values);
  give_all_back(env, &handle->inputs, JNI_ABORT);
  return !there ? OUT_OF_MEMORY : known ? DONE : BAD_TOKEN;
}

/* Copies inputs and states in, or outputs and states out, while the arrays are borrowed. */
static bool load(JNIEnv *env, Handle *handle, const SlabRows *slab) {
  const bool there = borrow_all(env, &handle->inputs) & borrow_all(env, &handle->pages);
  if (there) program_load(handle->program, (const float *const *)handle->inputs.values, slab);
  give_all_back(env, &handle->pages, JNI_ABORT);
  give_all_back(env, &handle->inputs, JNI_ABORT);
  return there;
}

static bool put(JNIEnv *env, Handle *handle, const SlabRows *slab) {
  const bool there = borrow_all(env, &handle->outputs) & borrow_all(env, &handle->pages);
  if (there) program_store(handle->program, handle->outputs.values, slab);
  give_all_back(env, &handle->pages, 0);
  give_all_back(env, &handle->outputs, 0);
  return there;
}

static jint advance_some(JNIEnv *env, Handle *handle, const SlabRows *slab, int first, int rows) {
  if (!program_pack(handle->program, first, rows)) return OUT_OF_MEMORY;
  if (!load(env, handle, slab)) return OUT_OF_MEMORY;
  if (!program_run(handle->program)) return BAD_TOKEN;
  return put(env, handle, slab) ? DONE : OUT_OF_MEMORY;
}

METHOD(jint, advance)
(JNIEnv *env, jclass type, jlong program, jint from, jint rows, jintArray slots, jobjectArray starts, jobjectArray pages,
 jint slots_per_page, jint width, jobjectArray inputs, jobjectArray outputs) {
  (void)type;
  Handle *handle = handle_at(program);
  const int most_pages = (*env)->GetArrayLength(env, pages);
  const int page_bits = __builtin_ctz(slots_per_page);
  int *slot = program_rows(handle->program, from, rows);
  if (!slot || !room_for_pages(handle, most_pages)) return OUT_OF_MEMORY;
  const int references = handle->axes + handle->inputs.count + handle->outputs.count + (rows < most_pages ? rows : most_pages);
  /* So many a native method may have without asking. */
  if (references > 16 && (*env)->EnsureLocalCapacity(env, references) != 0) return OUT_OF_MEMORY;
  (*env)->GetIntArrayRegion(env, slots, from, rows, slot);
  for (int axis = 0; axis < handle->axes; axis++) {
    jintArray array = (*env)->GetObjectArrayElement(env, starts, axis);
    (*env)->GetIntArrayRegion(env, array, from, rows + 1, program_starts(handle->program, axis));
  }
  if (!take_pages(env, handle, pages, slot, rows, page_bits)) return NO_PAGE;
  take(env, &handle->inputs, inputs);
  take(env, &handle->outputs, outputs);
  const SlabRows slab = {handle->pages.values, page_bits, width};
  const int at_once = program_rows_at_once(handle->program);
  jint status = at_once < rows ? check_tokens(env, handle) : DONE;
  for (int first = 0; first < rows && status == DONE; first += at_once) {
    status = advance_some(env, handle, &slab, first, rows - first < at_once ? rows - first : at_once);
  }
  return status;
}

METHOD(jboolean, oneRow)(JNIEnv *env, jclass type, jlong program, jobject buffer, jintArray widths) {
  (void)type;
  Handle *handle = handle_at(program);
  const int count = (*env)->GetArrayLength(env, widths);
  handle->row = (*env)->GetDirectBufferAddress(env, buffer);
  handle->widths = calloc(count, sizeof *handle->widths);
  if (!handle->row || !handle->widths) return false;
  (*env)->GetIntArrayRegion(env, widths, 0, count, handle->widths);
  return true;
}

METHOD(jint, advanceOne)(JNIEnv *env, jclass type, jlong program) {
  (void)env;
  (void)type;
  Handle *handle = handle_at(program);
  if (!program_pack_one(handle->program)) return OUT_OF_MEMORY;
  const int *width = handle->widths;
  float *at = handle->row;
  for (int k = 0; k < handle->inputs.count; k++, at += *width++) handle->inputs.values[k] = at;
  float *state = at;
  const SlabRows slab = {&state, 0, *width};
  at += *width++;
  for (int k = 0; k < handle->outputs.count; k++, at += *width++) handle->outputs.values[k] = at;
  program_load(handle->program, (const float *const *)handle->inputs.values, &slab);
  if (!program_run(handle->program)) return BAD_TOKEN;
  program_store(handle->program, handle->outputs.values, &slab);
  return DONE;
}
