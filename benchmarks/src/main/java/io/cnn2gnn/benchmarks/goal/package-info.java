/** Goals of the benchmarks, and how they were met. */
package io.cnn2gnn.benchmarks.goal;
