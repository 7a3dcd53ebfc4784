package io.cnn2gnn.training.fit;

/**
 * One line of a learning curve.
 *
 * @param epoch counted from 1
 * @param loss mean over its steps
 * @param accuracy share of the training views that were answered by their label
 * @param heldOut accuracy on images held out, after the epoch
 * @param rate learning rate of its last step
 * @param seconds it took
 */
public record Epoch(
    int epoch, double loss, double accuracy, double heldOut, double rate, double seconds) {}
