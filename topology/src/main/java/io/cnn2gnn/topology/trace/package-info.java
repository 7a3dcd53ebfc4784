/** Traces that images bring along. */
package io.cnn2gnn.topology.trace;
