/** What labels that people give teach a model at once, without training. */
package io.cnn2gnn.model.label;
