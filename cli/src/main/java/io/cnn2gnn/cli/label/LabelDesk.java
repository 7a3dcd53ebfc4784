package io.cnn2gnn.cli.label;

import io.cnn2gnn.cli.kit.CliException;
import io.cnn2gnn.cli.kit.Connection;
import io.cnn2gnn.schemas.Printable;
import io.cnn2gnn.schemas.RegistryUnavailableException;
import io.cnn2gnn.schemas.SchemaRegistrationException;
import io.cnn2gnn.schemas.SchemaRegistries;
import io.cnn2gnn.schemas.UnreadableRecordException;
import io.cnn2gnn.schemas.WireReader;
import io.cnn2gnn.schemas.WireWriter;
import io.cnn2gnn.schemas.avro.Label;
import io.cnn2gnn.schemas.avro.LabelCoordinates;
import io.cnn2gnn.schemas.avro.LabelOutcome;
import io.cnn2gnn.schemas.avro.LabelResult;
import io.cnn2gnn.topology.app.BrokerFaults;
import io.cnn2gnn.training.service.TrainingClients;
import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.function.IntConsumer;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Writes labels and waits for what becomes of them. One thread uses it. */
public final class LabelDesk implements AutoCloseable {
  private static final Duration STEP = Duration.ofMillis(100);

  /** Labels that are written before outcomes are looked for again. */
  private static final int SHEAF = 500;

  private final String topic;
  private final String outcomesTopic;
  private final WireWriter<Label> writer;
  private final WireReader<LabelOutcome> reader;
  private final KafkaProducer<byte[], byte[]> producer;
  private final Consumer<byte[], byte[]> outcomes;

  /** By the place of a label in its list: where it was written, and what became of it. */
  private record Delivery(
      Map<LabelCoordinates, Integer> waiting, Map<Integer, LabelOutcome> outcomes) {}

  /**
   * Connects, and listens for outcomes from now on.
   *
   * @param properties of the clients
   */
  public LabelDesk(
      Map<String, String> properties,
      SchemaRegistryClient registry,
      String topic,
      String outcomesTopic)
      throws CliException {
    this.topic = topic;
    this.outcomesTopic = outcomesTopic;
    try {
      boolean register = SchemaRegistries.autoRegister(properties);
      this.writer = new WireWriter<>(registry, topic, Label.class, register);
    } catch (RegistryUnavailableException | SchemaRegistrationException e) {
      throw new CliException(e.getMessage(), e);
    }
    this.reader = new WireReader<>(registry, outcomesTopic, LabelOutcome.class);
    this.outcomes = new TrainingClients(properties).reader();
    List<TopicPartition> partitions = TopicScan.partitions(outcomes, outcomesTopic);
    outcomes.assign(partitions);
    outcomes.seekToEnd(partitions);
    // Positions are found lazily; "from now" must mean from here, not from the first poll.
    partitions.forEach(outcomes::position);
    this.producer =
        new KafkaProducer<>(
            Connection.only(properties, ProducerConfig.configNames()),
            new ByteArraySerializer(),
            new ByteArraySerializer());
  }

  /**
   * Writes labels in their order, and waits for their outcomes until none has come for so long.
   *
   * @param answered is told how many have one
   * @return their answers in the same order
   * @throws CliException if one cannot be written; those before it may have been
   */
  public List<Answer> deliver(List<LabelRequest> requests, Duration longest, IntConsumer answered)
      throws CliException, InterruptedException {
    checkPartitions(requests);
    Delivery delivery = new Delivery(new HashMap<>(), new HashMap<>());
    try {
      for (int from = 0; from < requests.size(); from += SHEAF) {
        send(requests, from, Math.min(from + SHEAF, requests.size()), delivery.waiting());
        take(delivery, Duration.ZERO);
        answered.accept(delivery.outcomes().size());
      }
      long last = System.nanoTime();
      while (!delivery.waiting().isEmpty() && System.nanoTime() - last < longest.toNanos()) {
        if (take(delivery, STEP)) {
          last = System.nanoTime();
        }
        answered.accept(delivery.outcomes().size());
      }
    } catch (InterruptException e) {
      throw TopicScan.interrupted(outcomesTopic);
    }
    List<Answer> answers = new ArrayList<>();
    for (int i = 0; i < requests.size(); i++) {
      answers.add(new Answer(requests.get(i), Optional.ofNullable(delivery.outcomes().get(i))));
    }
    return answers;
  }

  /** A client would wait a minute for a partition that is not there. */
  private void checkPartitions(List<LabelRequest> requests) throws CliException {
    int partitions = producer.partitionsFor(topic).size();
    for (LabelRequest request : requests) {
      if (request.partition().filter(partition -> partition >= partitions).isPresent()) {
        throw new CliException(
            "%s is in partition %d, and topic %s has %d: it must have as many as the images"
                .formatted(name(request), request.partition().get(), topic, partitions));
      }
    }
  }

  private void send(
      List<LabelRequest> requests, int from, int to, Map<LabelCoordinates, Integer> waiting)
      throws CliException, InterruptedException {
    List<Future<RecordMetadata>> sent = new ArrayList<>();
    for (LabelRequest request : requests.subList(from, to)) {
      sent.add(
          producer.send(
              new ProducerRecord<>(
                  topic,
                  request.partition().orElse(null),
                  request.image().source().orElse(null),
                  writer.write(request.label()))));
    }
    producer.flush();
    for (int i = 0; i < sent.size(); i++) {
      try {
        RecordMetadata at = sent.get(i).get();
        waiting.put(new LabelCoordinates(topic, at.partition(), at.offset()), from + i);
      } catch (ExecutionException e) {
        throw new CliException(
            BrokerFaults.explain("the broker", e)
                .orElse(
                    "the broker did not take the label of %s: %s; %d before it are on topic %s"
                        .formatted(
                            name(requests.get(from + i)),
                            e.getCause().getMessage(),
                            from + i,
                            topic)),
            e);
      }
    }
  }

  /** Of its image, in one line: a message ends with its first. */
  private static String name(LabelRequest request) {
    return Printable.of(request.image().toString());
  }

  /** Whether any outcome was ours. */
  private boolean take(Delivery delivery, Duration longest) throws CliException {
    boolean any = false;
    for (ConsumerRecord<byte[], byte[]> record : outcomes.poll(longest)) {
      LabelOutcome outcome;
      try {
        outcome = reader.read(record.headers(), record.value());
      } catch (UnreadableRecordException e) {
        // What is no outcome is not ours.
        continue;
      } catch (RegistryUnavailableException e) {
        throw new CliException(
            "the labels are on topic %s, but their outcomes cannot be read: %s"
                .formatted(topic, e.getMessage()),
            e);
      }
      // What is told of a label once more, long after it was taught.
      if (outcome.getResult() != LabelResult.LEFT) {
        Integer index = delivery.waiting().remove(outcome.getRecord());
        if (index != null) {
          delivery.outcomes().put(index, outcome);
          any = true;
        }
      }
    }
    return any;
  }

  @Override
  public void close() {
    try (outcomes) {
      producer.close();
    }
  }
}
