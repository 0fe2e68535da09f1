/** The exact functions, to the bit, as scalar Java: what every provider must give. */
package io.streamcell.kernels.functions;
