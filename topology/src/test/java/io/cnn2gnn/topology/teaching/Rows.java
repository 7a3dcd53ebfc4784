package io.cnn2gnn.topology.teaching;

import io.cnn2gnn.intake.LabelRecord.Coordinates;
import io.cnn2gnn.model.label.LabelledRow;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Rows without a model that made them. */
final class Rows {
  private Rows() {}

  static TaughtRow row(String image, String label, String by) {
    return new TaughtRow(
        new LabelledRow(
            image,
            "source-of-" + by,
            image,
            label,
            "space",
            new float[] {1, 0},
            LabelledRow.Own.WRONG),
        Optional.of(new byte[] {1}),
        by,
        new Coordinates("images", 0, 7),
        0,
        Optional.of(new Coordinates("labels", 0, 8)));
  }

  /** Has a tier read rows, which are added behind those that it has read. */
  static void apply(LabelledTier tier, TaughtRow... rows) {
    List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
    long offset = tier.rows().epoch();
    for (TaughtRow row : rows) {
      records.add(record(offset++, row.row().image(), row.encode()));
    }
    tier.apply(records);
  }

  static ConsumerRecord<byte[], byte[]> record(long offset, String image, byte[] value) {
    return new ConsumerRecord<>(
        "app-labelled", 0, offset, image.getBytes(StandardCharsets.UTF_8), value);
  }
}
