package io.cnn2gnn.training.data;

/**
 * What a data set says of an image that is one of several of one thing.
 *
 * @param track by which the frames of one class belong together
 * @param number by which they follow each other
 */
public record TrackFrame(String track, long number) {}
