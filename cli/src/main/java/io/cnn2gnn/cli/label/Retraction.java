package io.cnn2gnn.cli.label;

import io.cnn2gnn.cli.kit.CliException;
import io.cnn2gnn.cli.label.LabelsInForce.InForce;
import io.cnn2gnn.intake.ImageName;
import io.cnn2gnn.intake.LabelRecord;
import io.cnn2gnn.intake.LabelRecords;
import io.cnn2gnn.intake.RecordRefusedException;
import io.cnn2gnn.schemas.RegistryUnavailableException;
import io.cnn2gnn.schemas.avro.Label;
import io.cnn2gnn.schemas.avro.LabelKind;
import io.cnn2gnn.schemas.avro.LabelledImage;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** All that somebody said, taken back. */
final class Retraction {
  private final LabelRecords records;
  private final LabelsInForce labels = new LabelsInForce();

  private Retraction(LabelRecords records) {
    this.records = records;
  }

  /** The labels in force that somebody gave, by the labels topic. */
  static List<InForce> of(String name, TopicScan topic, LabelRecords records)
      throws CliException, InterruptedException {
    Retraction retraction = new Retraction(records);
    topic.run(retraction::take);
    return retraction.labels.by(name);
  }

  private void take(ConsumerRecord<byte[], byte[]> record) throws CliException {
    try {
      LabelRecord label = records.read(record.headers(), record.value());
      labels.take(
          record.partition(), new ImageName(TopicScan.source(record), label.imageId()), label);
    } catch (RecordRefusedException e) {
      // The service does not take it either, so it is not in force.
      return;
    } catch (RegistryUnavailableException e) {
      throw new CliException(e.getMessage(), e);
    }
  }

  /** What takes a label back, in the partition that it is in. */
  static LabelRequest request(InForce given, Instant at) {
    LabelRecord label = given.label();
    return new LabelRequest(
        "",
        given.image(),
        Label.newBuilder()
            .setImageId(label.imageId())
            .setLabel(null)
            .setLabelledAt(at)
            .setLabelledBy(label.labelledBy())
            .setKind(
                label.kind() == LabelRecord.Kind.TRUTH ? LabelKind.TRUTH : LabelKind.CORRECTION)
            .setImage(
                label
                    .image()
                    .map(
                        where ->
                            new LabelledImage(where.topic(), where.partition(), where.offset()))
                    .orElse(null))
            .build(),
        Optional.of(given.partition()));
  }
}
