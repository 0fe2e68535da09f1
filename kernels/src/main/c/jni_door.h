/* What the native methods share: a program's handle, and Java's arrays. */
#ifndef STREAMCELL_JNI_DOOR_H
#define STREAMCELL_JNI_DOOR_H

#include <jni.h>

#include "program.h"

#define METHOD(TYPE, NAME) JNIEXPORT TYPE JNICALL Java_io_streamcell_kernels_jni_NativeProgram_##NAME

/* The reference to a Java array of floats, and where it lies while it is borrowed. */
typedef struct {
  jarray array;
  float *values;
} Loan;

/* Arrays that are borrowed together: values[place[k]] is where the k-th lies. */
typedef struct {
  int count;
  Loan *loan;
  int *place;
  float **values;
} Loans;

/* A program with the memory that its calls need. */
typedef struct {
  Program *program;
  int axes, page_room;
  Loans inputs, outputs, pages;
  bool *taken; /* whether a page is among the loans */
  /* One row of one timestep, in a direct buffer that Java writes and reads: inputs, state, outputs. */
  float *row;
  int *widths; /* of the inputs, then the state, then the outputs */
} Handle;

static inline Handle *handle_at(jlong address) { return (Handle *)(uintptr_t)address; }

static inline Program *program_at(jlong address) { return handle_at(address)->program; }

static inline int *ints_of(JNIEnv *env, jintArray array) { return (*env)->GetIntArrayElements(env, array, NULL); }

static inline void free_ints(JNIEnv *env, jintArray array, int *values) {
  (*env)->ReleaseIntArrayElements(env, array, values, JNI_ABORT);
}

static inline float *floats_of(JNIEnv *env, jfloatArray array) { return (*env)->GetFloatArrayElements(env, array, NULL); }

static inline void free_floats(JNIEnv *env, jfloatArray array, float *values) {
  if (values) (*env)->ReleaseFloatArrayElements(env, array, values, JNI_ABORT);
}

#endif
