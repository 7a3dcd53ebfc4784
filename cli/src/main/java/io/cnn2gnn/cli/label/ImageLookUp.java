package io.cnn2gnn.cli.label;

import io.cnn2gnn.cli.kit.CliException;
import io.cnn2gnn.intake.ImageName;
import io.cnn2gnn.schemas.PredictionReader;
import io.cnn2gnn.schemas.RegistryUnavailableException;
import io.cnn2gnn.schemas.UnreadableRecordException;
import io.cnn2gnn.schemas.avro.ImageCoordinates;
import io.cnn2gnn.schemas.avro.LabelledImage;
import io.cnn2gnn.schemas.avro.Prediction;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Finds where the records of images are, as their predictions say. */
final class ImageLookUp {
  private record Seen(Instant predictedAt, LabelledImage place) {}

  private final PredictionReader reader;
  private final Set<ImageName> wanted;
  private final Map<ImageName, Seen> found = new HashMap<>();

  private ImageLookUp(PredictionReader reader, Set<ImageName> wanted) {
    this.reader = reader;
    this.wanted = wanted;
  }

  /**
   * The requests, those without coordinates with the ones of their newest prediction if there is
   * one.
   *
   * @param predictions is read to its end
   */
  static List<LabelRequest> complete(
      List<LabelRequest> requests, TopicScan predictions, PredictionReader reader)
      throws CliException, InterruptedException {
    Set<ImageName> wanted =
        requests.stream()
            .filter(request -> !request.hasCoordinates())
            .map(LabelRequest::image)
            .collect(Collectors.toSet());
    if (wanted.isEmpty()) {
      return requests;
    }
    ImageLookUp lookUp = new ImageLookUp(reader, wanted);
    predictions.run(lookUp::take);
    return requests.stream().map(lookUp::complete).toList();
  }

  private LabelRequest complete(LabelRequest request) {
    return request.hasCoordinates()
        ? request
        : Optional.ofNullable(found.get(request.image()))
            .map(seen -> request.at(seen.place()))
            .orElse(request);
  }

  private void take(ConsumerRecord<byte[], byte[]> record) throws CliException {
    Prediction prediction;
    try {
      prediction = reader.read(record.headers(), record.value());
    } catch (UnreadableRecordException e) {
      // What is no prediction tells of no image.
      return;
    } catch (RegistryUnavailableException e) {
      throw new CliException(e.getMessage(), e);
    }
    ImageName image = new ImageName(TopicScan.source(record), prediction.getImageId());
    ImageCoordinates at = prediction.getImage();
    if (at != null && wanted.contains(image)) {
      found.merge(
          image,
          new Seen(
              prediction.getPredictedAt(),
              new LabelledImage(at.getTopic(), at.getPartition(), at.getOffset())),
          (before, now) -> now.predictedAt().isBefore(before.predictedAt()) ? before : now);
    }
  }
}
