/**
 * What does a stream remember? {@link io.streamcell.state.StreamState}, the managed value of one
 * stream, and its own versioned serializer. Nothing here knows kernels.
 */
package io.streamcell.state;
