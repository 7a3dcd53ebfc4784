/** Reads of parts of topics that end by themselves: from an offset on, or from the end back. */
package io.cnn2gnn.topology.scan;
