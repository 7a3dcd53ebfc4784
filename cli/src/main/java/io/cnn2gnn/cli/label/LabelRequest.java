package io.cnn2gnn.cli.label;

import io.cnn2gnn.cli.kit.CliException;
import io.cnn2gnn.intake.ImageName;
import io.cnn2gnn.intake.LabelRecords;
import io.cnn2gnn.intake.RecordRefusedException;
import io.cnn2gnn.schemas.avro.Label;
import io.cnn2gnn.schemas.avro.LabelledImage;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * A label to be written.
 *
 * @param origin where it comes from, such as a line of a file; empty if that needs no word
 * @param image that it is about; its source becomes the record's key
 * @param partition where it belongs; empty where the key decides
 */
public record LabelRequest(
    String origin, ImageName image, Label label, Optional<Integer> partition) {
  /** Characters of a comment: beyond a page it is a mistake, and a record has a limit. */
  private static final int MAX_COMMENT = 4096;

  /**
   * A label of an image.
   *
   * @param source the key of the image's record as text; empty if it has none
   * @throws CliException if the service would refuse it
   */
  public static LabelRequest of(String origin, String source, Label label) throws CliException {
    try {
      LabelRecords.of(label);
    } catch (RecordRefusedException e) {
      throw new CliException(e.getMessage(), e);
    }
    if (label.getComment() != null && label.getComment().length() > MAX_COMMENT) {
      throw new CliException("a comment has at most " + MAX_COMMENT + " characters");
    }
    Optional<byte[]> key =
        source.isEmpty() ? Optional.empty() : Optional.of(source.getBytes(StandardCharsets.UTF_8));
    return new LabelRequest(
        origin,
        new ImageName(key, label.getImageId()),
        label,
        Optional.ofNullable(label.getImage()).map(LabelledImage::getPartition));
  }

  boolean hasCoordinates() {
    return label.getImage() != null;
  }

  /** The same with the place of the image's record. A label goes where its image is. */
  public LabelRequest at(LabelledImage place) {
    return new LabelRequest(
        origin,
        image,
        Label.newBuilder(label).setImage(place).build(),
        Optional.of(place.getPartition()));
  }

  /** Neither key nor coordinates say to which partition it belongs. */
  boolean isLost() {
    return image.source().isEmpty() && partition.isEmpty();
  }
}
