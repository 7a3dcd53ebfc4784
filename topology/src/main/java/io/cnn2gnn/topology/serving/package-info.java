/** The model that answers, exchanged for another one between two batches. */
package io.cnn2gnn.topology.serving;
