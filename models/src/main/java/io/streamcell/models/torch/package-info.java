/**
 * Reads Streamcell's own description of a network, whose weights are a safetensors file: for
 * PyTorch and for networks made elsewhere. {@link io.streamcell.models.torch.DescriptionReader} is
 * the entry.
 */
package io.streamcell.models.torch;
