/**
 * What single pieces of the work on an image cost, each timed by JMH in a process of its own: its
 * public classes are what JMH generates code around.
 */
package io.cnn2gnn.benchmarks.pieces;
