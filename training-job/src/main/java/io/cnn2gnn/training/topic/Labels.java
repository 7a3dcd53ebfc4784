package io.cnn2gnn.training.topic;

import io.cnn2gnn.intake.ImageName;
import io.cnn2gnn.intake.LabelRecord;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What the labels topic says of images. Of each, the last label is in force, unless whoever said it
 * took it back after that. What it holds in the end does not depend on the order in which records
 * came.
 */
final class Labels {
  private final Map<ImageName, Said> byName = new HashMap<>();

  /**
   * A label in force.
   *
   * @param corrected whether it is a correction, which is learned from and never measured on
   */
  record Label(String name, boolean corrected) {}

  void add(ImageName name, LabelRecord record, Arrival arrival) {
    byName.computeIfAbsent(name, unknown -> new Said()).add(record, arrival);
  }

  /** Empty where that of the image's own record is in force. */
  Optional<Label> of(ImageName name) {
    return Optional.ofNullable(byName.get(name)).flatMap(Said::inForce);
  }

  /** Of how many images a label is in force. */
  long size() {
    return byName.values().stream().filter(said -> said.inForce().isPresent()).count();
  }

  private record Word(Label label, String labelledBy, Arrival arrival) {}

  /** All that counts of what was said of one image. */
  private static final class Said {
    private Optional<Word> last = Optional.empty();

    /** Few images have any. */
    private Map<String, Arrival> takenBack = Map.of();

    void add(LabelRecord record, Arrival arrival) {
      if (record.label().isPresent()) {
        if (last.isEmpty() || last.get().arrival().compareTo(arrival) < 0) {
          boolean corrected = record.kind() == LabelRecord.Kind.CORRECTION;
          Label label = new Label(record.label().get(), corrected);
          last = Optional.of(new Word(label, record.labelledBy(), arrival));
        }
        return;
      }
      if (takenBack.isEmpty()) {
        takenBack = new HashMap<>();
      }
      takenBack.merge(record.labelledBy(), arrival, (a, b) -> a.compareTo(b) < 0 ? b : a);
    }

    Optional<Label> inForce() {
      return last.filter(word -> !isTakenBack(word)).map(Word::label);
    }

    private boolean isTakenBack(Word word) {
      Arrival back = takenBack.get(word.labelledBy());
      return back != null && back.compareTo(word.arrival()) > 0;
    }
  }
}
