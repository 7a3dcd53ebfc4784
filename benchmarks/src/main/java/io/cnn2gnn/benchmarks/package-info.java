/** Measurements of the service and of its alternatives, each beside a peer in the same run. */
package io.cnn2gnn.benchmarks;
