package io.cnn2gnn.training.data;

/**
 * The two halves of a data set.
 *
 * @param train to learn from; may hold unlabelled images
 * @param test to measure on, all labelled
 */
public record DataSet(ImageSet train, ImageSet test) {}
