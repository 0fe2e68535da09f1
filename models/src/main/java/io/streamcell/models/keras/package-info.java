/**
 * Reads what Keras 3 saves: a {@code .keras} archive of {@code config.json} and {@code
 * model.weights.h5}. {@link io.streamcell.models.keras.KerasReader} is the entry.
 */
package io.streamcell.models.keras;
