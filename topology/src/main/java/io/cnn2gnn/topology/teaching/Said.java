package io.cnn2gnn.topology.teaching;

import io.cnn2gnn.intake.ImageName;
import io.cnn2gnn.intake.LabelRecord;
import io.cnn2gnn.intake.LabelRecord.Coordinates;
import io.cnn2gnn.topology.flow.Source;

/**
 * A label that could be read.
 *
 * @param source its record
 * @param label what it says
 * @param image the name of the image that it is about
 */
record Said(Source source, LabelRecord label, String image) {
  static Said of(Source source, LabelRecord label) {
    return new Said(source, label, new ImageName(source.key(), label.imageId()).digest());
  }

  Coordinates at() {
    return new Coordinates(source.topic(), source.partition(), source.offset());
  }
}
