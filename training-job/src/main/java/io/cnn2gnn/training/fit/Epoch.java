package io.cnn2gnn.training.fit;

/**
 * One line of a learning curve, in the precision that a checkpoint keeps.
 *
 * @param epoch counted from 1
 * @param loss mean over its steps
 * @param accuracy share of the labelled training views that were answered by their label
 * @param heldOut accuracy on images held out, after the epoch
 * @param rate learning rate of its last step
 * @param seconds it took
 */
public record Epoch(
    int epoch, float loss, float accuracy, float heldOut, float rate, float seconds) {}
