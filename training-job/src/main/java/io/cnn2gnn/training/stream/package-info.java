/** Measures a student on a data set that comes as a stream, beside what else could be done. */
package io.cnn2gnn.training.stream;
