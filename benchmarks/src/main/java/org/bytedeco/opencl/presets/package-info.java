/** What oneDNN's bindings must find on the class path, and nothing more. */
package org.bytedeco.opencl.presets;
