package io.cnn2gnn.page;

import io.cnn2gnn.schemas.avro.ImageCoordinates;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A record, written {@code topic/partition/offset}. */
record Place(String topic, int partition, long offset) {
  private static final Pattern TEXT =
      Pattern.compile("([a-zA-Z0-9._-]{1,249})/(\\d{1,9})/(\\d{1,18})");

  static Place of(ImageCoordinates at) {
    return new Place(at.getTopic(), at.getPartition(), at.getOffset());
  }

  static Optional<Place> parse(String text) {
    Matcher parts = TEXT.matcher(text);
    return parts.matches()
        ? Optional.of(
            new Place(
                parts.group(1), Integer.parseInt(parts.group(2)), Long.parseLong(parts.group(3))))
        : Optional.empty();
  }

  @Override
  public String toString() {
    return topic + "/" + partition + "/" + offset;
  }
}
