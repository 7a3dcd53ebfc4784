/** Tells when a model's answers are no longer like those to the images it was measured on. */
package io.cnn2gnn.topology.drift;
