/**
 * How a micro-batcher may hold its open batch so that a crash loses nothing, and what each way
 * costs: one topology without a model, five buffers, a real broker.
 */
package io.cnn2gnn.benchmarks.buffers;
