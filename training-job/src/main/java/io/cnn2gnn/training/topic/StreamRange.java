package io.cnn2gnn.training.topic;

/**
 * What a training learns from, fixed by offsets.
 *
 * @param images a range of the images topic
 * @param labels all that the labels topic held at the same time, or {@link TopicRange#NONE}
 */
public record StreamRange(TopicRange images, TopicRange labels) {
  @Override
  public String toString() {
    return labels.equals(TopicRange.NONE) ? images.toString() : images + " with " + labels;
  }
}
