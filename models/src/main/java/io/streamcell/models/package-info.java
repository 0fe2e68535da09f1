/**
 * What is a network? A {@link io.streamcell.models.Network} is an immutable graph of layer records
 * with float32 weights; readers turn a saved file into one, and refuse by name what they cannot
 * read.
 */
package io.streamcell.models;
