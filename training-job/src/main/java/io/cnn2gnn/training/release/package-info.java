/** From a bundle to a release: where its file lies, what its record says, and how it is fetched. */
package io.cnn2gnn.training.release;
