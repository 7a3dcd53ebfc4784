package io.cnn2gnn.cli.label;

import io.cnn2gnn.schemas.avro.Label;
import io.cnn2gnn.schemas.avro.LabelKind;
import java.time.Instant;
import java.util.Optional;

/**
 * What holds for a label that says nothing else.
 *
 * @param by who says it
 * @param at when it was said
 * @param comment for people
 * @param imagesTopic where images are
 */
record LabelDefaults(
    String by, LabelKind kind, Instant at, Optional<String> comment, String imagesTopic) {
  /** A label of an image; without a class it takes back. */
  Label.Builder label(String imageId, Optional<String> label) {
    return Label.newBuilder()
        .setImageId(imageId)
        .setLabel(label.orElse(null))
        .setLabelledAt(at)
        .setLabelledBy(by)
        .setKind(kind)
        .setComment(comment.orElse(null));
  }
}
