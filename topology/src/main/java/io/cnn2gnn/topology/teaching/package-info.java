/**
 * Labels that people give teach the service at once: they find their image, which becomes a row of
 * the labelled tier, the same on every instance.
 */
package io.cnn2gnn.topology.teaching;
