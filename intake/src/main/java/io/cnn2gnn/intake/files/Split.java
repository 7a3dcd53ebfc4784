package io.cnn2gnn.intake.files;

import java.util.Locale;
import java.util.Optional;

/** A part of a data set, by the names that its folder has in sets that are about, in any case. */
public enum Split {
  TRAIN("train"),
  TEST("test"),
  VALIDATION("val"),
  /** Images without a class, to learn from by a teacher's answers. */
  UNLABELLED("unlabelled");

  private final String folder;

  Split(String folder) {
    this.folder = folder;
  }

  /** The split that a folder holds by its name. */
  public static Optional<Split> of(String folder) {
    return switch (folder.toLowerCase(Locale.ROOT)) {
      case "train", "training" -> Optional.of(TRAIN);
      case "test", "testing" -> Optional.of(TEST);
      case "val", "valid", "validation" -> Optional.of(VALIDATION);
      case "unlabelled", "unlabeled" -> Optional.of(UNLABELLED);
      default -> Optional.empty();
    };
  }

  /** The split of an image at {@code .../split/class/image}. */
  public static Optional<Split> ofImage(String path) {
    String[] parts = path.split("/", -1);
    return parts.length < 3 ? Optional.empty() : of(parts[parts.length - 3]);
  }

  /** What its folder is called in the first place. */
  public String folder() {
    return folder;
  }
}
