package io.cnn2gnn.cli.label;

import io.cnn2gnn.intake.ImageName;
import io.cnn2gnn.intake.LabelRecord;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Which labels count, after the labels topic was read in its order: of several of one image the
 * last one. Who takes back what somebody else has said changes nothing.
 */
final class LabelsInForce {
  /** A label, where it is and what it is about. */
  record InForce(int partition, ImageName image, LabelRecord label) {}

  private record Place(int partition, ImageName image) {}

  private final Map<Place, InForce> labels = new LinkedHashMap<>();

  /** Takes the next label of a partition. */
  void take(int partition, ImageName image, LabelRecord label) {
    Place place = new Place(partition, image);
    if (label.label().isPresent()) {
      labels.put(place, new InForce(partition, image, label));
    } else if (labels.containsKey(place)
        && labels.get(place).label().labelledBy().equals(label.labelledBy())) {
      labels.remove(place);
    }
  }

  /** Those that somebody gave. */
  List<InForce> by(String name) {
    return labels.values().stream().filter(one -> one.label().labelledBy().equals(name)).toList();
  }
}
