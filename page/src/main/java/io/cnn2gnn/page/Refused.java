package io.cnn2gnn.page;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;

/**
 * An image that got no answer.
 *
 * @param number in the order of their coming
 * @param source the key of its record as text; empty if it has none
 * @param image its id, where it could be read
 * @param reason a stable code
 * @param message the same for people
 * @param place of the image's own record
 */
record Refused(
    long number,
    String source,
    String image,
    String reason,
    String message,
    Optional<Place> place) {
  private static final String PREFIX = "cnn2gnn.";

  static Refused of(long number, ConsumerRecord<byte[], byte[]> letter) {
    Optional<Place> place =
        Place.parse(
            header(letter, "topic")
                + "/"
                + header(letter, "partition")
                + "/"
                + header(letter, "offset"));
    return new Refused(
        number,
        letter.key() == null ? "" : new String(letter.key(), StandardCharsets.UTF_8),
        header(letter, "image.id"),
        header(letter, "reason"),
        header(letter, "message"),
        place);
  }

  private static String header(ConsumerRecord<byte[], byte[]> letter, String name) {
    Header header = letter.headers().lastHeader(PREFIX + name);
    return header == null || header.value() == null
        ? ""
        : new String(header.value(), StandardCharsets.UTF_8);
  }
}
