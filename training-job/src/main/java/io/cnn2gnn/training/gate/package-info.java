/** Whether a candidate may take the place of the active model. */
package io.cnn2gnn.training.gate;
