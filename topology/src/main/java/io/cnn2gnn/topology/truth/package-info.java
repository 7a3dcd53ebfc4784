/** Tells how many of a model's answers were right, of those whose class became known afterwards. */
package io.cnn2gnn.topology.truth;
