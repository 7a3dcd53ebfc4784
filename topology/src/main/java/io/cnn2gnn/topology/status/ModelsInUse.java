package io.cnn2gnn.topology.status;

import io.cnn2gnn.schemas.PredictionReader;
import io.cnn2gnn.schemas.RegistryUnavailableException;
import io.cnn2gnn.schemas.UnreadableRecordException;
import io.cnn2gnn.schemas.avro.ModelRelease;
import io.cnn2gnn.schemas.avro.Prediction;
import io.cnn2gnn.schemas.release.ReleaseReader;
import io.cnn2gnn.schemas.release.Releases;
import io.cnn2gnn.topology.flow.TopicNames;
import io.cnn2gnn.topology.scan.Partitions;
import io.cnn2gnn.topology.scan.TailScan;
import io.cnn2gnn.topology.status.ServiceStatus.LastAnswer;
import io.cnn2gnn.topology.status.ServiceStatus.Models;
import io.cnn2gnn.topology.status.ServiceStatus.Released;
import io.cnn2gnn.topology.status.ServiceStatus.Version;
import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** The releases as they stand, and which model has answered last. */
final class ModelsInUse {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** Transactions that were given up leave offsets without predictions. */
  private static final long MOST_OFFSETS = 100_000;

  private final SchemaRegistryClient registry;
  private final Supplier<Consumer<String, byte[]>> releases;

  /**
   * Reads by the schemas of a registry.
   *
   * @param releases opens the consumer that a reader of releases needs
   */
  ModelsInUse(SchemaRegistryClient registry, Supplier<Consumer<String, byte[]>> releases) {
    this.registry = registry;
    this.releases = releases;
  }

  Models read(Consumer<byte[], byte[]> consumer, TopicNames topics, Set<String> present) {
    try {
      List<Released> released =
          present.contains(topics.models()) ? released(topics.models()) : List.of();
      return new Models(released, lastAnswer(consumer, topics.predictions()), Optional.empty());
    } catch (RegistryUnavailableException e) {
      return new Models(List.of(), Optional.empty(), Optional.of(e.getMessage()));
    }
  }

  private List<Released> released(String topic) {
    try (ReleaseReader reader = new ReleaseReader(releases.get(), topic, registry)) {
      Releases all = reader.readToEnd(PATIENCE);
      return all.names().stream()
          .map(
              name ->
                  new Released(
                      name,
                      all.active(name).map(ModelsInUse::version),
                      all.candidate(name).map(ModelsInUse::version)))
          .toList();
    }
  }

  private static Version version(ModelRelease release) {
    return new Version(release.getVersion(), release.getCreatedAt());
  }

  private Optional<LastAnswer> lastAnswer(Consumer<byte[], byte[]> consumer, String topic) {
    PredictionReader reader = new PredictionReader(registry, topic);
    List<LastAnswer> last = new ArrayList<>();
    TailScan.run(
        consumer,
        Partitions.of(consumer, topic),
        MOST_OFFSETS,
        record -> {
          Optional<LastAnswer> answer = answer(reader, record);
          answer.ifPresent(last::add);
          return answer.isEmpty();
        });
    return last.stream().max(Comparator.comparing(LastAnswer::at));
  }

  /** Empty if it is no prediction. */
  private static Optional<LastAnswer> answer(
      PredictionReader reader, ConsumerRecord<byte[], byte[]> record) {
    try {
      Prediction prediction = reader.read(record.headers(), record.value());
      return Optional.of(new LastAnswer(prediction.getPredictedAt(), prediction.getModelVersion()));
    } catch (UnreadableRecordException e) {
      return Optional.empty();
    }
  }
}
