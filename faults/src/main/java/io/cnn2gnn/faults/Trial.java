package io.cnn2gnn.faults;

import io.cnn2gnn.faults.Verifier.Place;
import io.cnn2gnn.faults.Verifier.TopicSet;
import io.cnn2gnn.faults.Verifier.Verdict;
import io.cnn2gnn.localstack.LocalStack;
import io.cnn2gnn.localstack.LocalStack.Server;
import io.cnn2gnn.schemas.WireReader;
import io.cnn2gnn.schemas.avro.Prediction;
import io.cnn2gnn.topology.flow.TopicNames;
import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** One row at work: its topics, its services, what it sends and who judges it. */
final class Trial implements AutoCloseable {
  private static final String LABELS_TOPIC = "cnn2gnn.topic.labels";
  static final Duration READY = Duration.ofMinutes(2);

  /** Until something is seen whose transaction is open, which a row has made long. */
  private static final Duration UNCOMMITTED = Duration.ofMinutes(2);

  /** After it the broker may be to blame. */
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private static final Duration SETTLE = Duration.ofMinutes(3);
  private static final Duration LOOK = Duration.ofSeconds(15);
  private static final Duration QUIET = Duration.ofMillis(700);

  private final Row row;
  private final FaultOptions options;
  private final LocalStack stack;
  private final Optional<Cluster> cluster;
  private final Path folder;
  private final Random random;
  private final Feeder feeder;
  private final Verifier verifier;
  private final Map<String, String> settings;
  private final Map<String, Service> services = Collections.synchronizedMap(new LinkedHashMap<>());
  private final Map<Place, Set<String>> refusals = new HashMap<>();
  private final List<Double> recoveries = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();
  private final Map<String, List<Double>> figures = new LinkedHashMap<>();
  private final List<String> problems = new ArrayList<>();
  private final List<String> jvm = new ArrayList<>();
  private final Map<String, Object> connection;
  private final TopicSet topics;
  private final SchemaRegistryClient registry;
  private final Admin admin;
  private final Deque<Callable<Void>> toUndo = new ConcurrentLinkedDeque<>();
  private final Thread onInterrupt = new Thread(this::endServices, "end-services");
  private Optional<Labels> labels = Optional.empty();
  private Host host = Host.HERE;
  private Instant faultOver = Instant.MAX;

  Trial(
      Row row,
      FaultOptions options,
      LocalStack stack,
      Optional<Cluster> cluster,
      SchemaRegistryClient registry,
      Map<String, Object> connection,
      Map<String, String> settings,
      TopicSet topics)
      throws IOException {
    this.row = row;
    this.options = options;
    this.stack = stack;
    this.cluster = cluster;
    this.folder = Files.createDirectories(options.work().resolve(row.title()));
    this.random = new Random(options.seed() * 31 + row.number());
    this.settings = new HashMap<>(settings);
    this.connection = connection;
    this.topics = topics;
    this.registry = registry;
    this.admin = Admin.create(connection);
    this.feeder = new Feeder(connection, registry, topics.images(), random);
    this.verifier = Verifier.open(connection, registry, topics);
    Runtime.getRuntime().addShutdownHook(onInterrupt);
  }

  Random random() {
    return random;
  }

  Feeder feeder() {
    return feeder;
  }

  /** Who sends to a topic of its own. */
  Feeder feeder(String topic) {
    return new Feeder(connection, registry, topic, random);
  }

  LocalStack stack() {
    return stack;
  }

  /** The brokers of a row that needs several. */
  Cluster cluster() {
    return cluster.orElseThrow();
  }

  /** As the group of the services is called, and what their transactions begin with. */
  String application() {
    return row.title();
  }

  Path folder() {
    return folder;
  }

  FaultOptions options() {
    return options;
  }

  /** Where released bundles lie. */
  Path store() {
    return folder.resolve("store");
  }

  String imagesTopic() {
    return topics.images();
  }

  String modelsTopic() {
    return settings.get("cnn2gnn.topic.models");
  }

  /** Who releases models to this row's topic. */
  Publisher publisher() throws IOException {
    Publisher publisher = new Publisher(connection, registry, modelsTopic(), store());
    onClose(
        () -> {
          publisher.close();
          return null;
        });
    return publisher;
  }

  /** Somebody who notes how old answers are when they can be seen, until the end of the row. */
  Onlooker onlooker() {
    Onlooker onlooker =
        new Onlooker(
            connection,
            new WireReader<>(registry, topics.predictions(), Prediction.class),
            topics.predictions());
    onClose(
        () -> {
          onlooker.close();
          return null;
        });
    return onlooker;
  }

  /** Who sends batches that no client would. */
  RawBatches rawBatches() {
    return new RawBatches(connection.get("bootstrap.servers").toString(), topics.images());
  }

  /** How many of the answers that have been read a model gave, by name and version. */
  int answeredBy(String model) {
    return verifier.answersOf(model);
  }

  /** Whether an answer that has been read was made after a moment, by the clock of its service. */
  boolean hasAnswerAfter(Instant moment) {
    return verifier.firstAnswerAfter(moment).isPresent();
  }

  /** Who labels images; the service has made its topics by now. */
  Labels labels() {
    if (labels.isEmpty()) {
      labels =
          Optional.of(
              new Labels(
                  connection,
                  registry,
                  labelsTopic(),
                  new LabelVerifier.TopicSet(
                      outcomesTopic(), topics.deadLetters(), TopicNames.labelled(row.title()))));
      onClose(
          () -> {
            labels.get().close();
            return null;
          });
    }
    return labels.get();
  }

  private String labelsTopic() {
    return settings.getOrDefault(LABELS_TOPIC, TopicNames.labelsOf(topics.images()));
  }

  /** Has services that start from now on read labels from a topic; who labels is told apart. */
  void setLabelsTopic(String topic) {
    set(LABELS_TOPIC, topic);
  }

  private String outcomesTopic() {
    return settings.get("cnn2gnn.topic.label.outcomes");
  }

  /** Sends an image until its answer, the newest to its id, is as wanted; then returns that. */
  Prediction answer(Shot shot, Duration longest, Predicate<Prediction> wanted)
      throws InterruptedException {
    long deadline = System.nanoTime() + longest.toNanos();
    while (true) {
      feeder.send(shot);
      if (!settledWithin(PATIENCE)) {
        throw new FaultException(shot.id() + " was not answered");
      }
      List<Prediction> all = verifier.answersTo(shot.id());
      Prediction last = all.get(all.size() - 1);
      if (wanted.test(last)) {
        return last;
      }
      if (System.nanoTime() - deadline >= 0) {
        throw new FaultException(
            "%s is still answered %s by %s"
                .formatted(shot.id(), last.getLabel(), last.getDecidedBy()));
      }
    }
  }

  /** The answers to images of an id that have been read. */
  List<Prediction> answersTo(Shot shot) {
    return verifier.answersTo(shot.id());
  }

  /** Makes the images of a partition before an offset go, as its retention would. */
  void deleteImages(int partition, long before) throws InterruptedException {
    TopicPartition at = new TopicPartition(topics.images(), partition);
    adminDoes(() -> admin.deleteRecords(Map.of(at, RecordsToDelete.beforeOffset(before))).all());
  }

  /** Makes a topic. */
  void createTopic(String topic, int partitions) throws InterruptedException {
    adminDoes(() -> admin.createTopics(List.of(new NewTopic(topic, partitions, (short) 1))).all());
  }

  private static void adminDoes(Supplier<KafkaFuture<Void>> what) throws InterruptedException {
    try {
      what.get().get();
    } catch (ExecutionException e) {
      throw new FaultException("the broker did not do what its operator wants", e);
    }
  }

  /** Changes a setting of services that start from now on. */
  void set(String key, String value) {
    settings.put(key, value);
  }

  /** Has services that start from now on run on a host. */
  void setHost(Host host) {
    this.host = host;
  }

  /** Gives services that start from now on a heap of at most this size. */
  void setHeap(int megabytes) {
    jvm.add("-Xmx" + megabytes + "m");
  }

  /**
   * Gives services that start from now on a heap of this size that is resident from the start: what
   * their memory grows by is then native, and what leaks on the heap ends them.
   */
  void setResidentHeap(int megabytes) {
    jvm.addAll(List.of("-Xms" + megabytes + "m", "-Xmx" + megabytes + "m", "-XX:+AlwaysPreTouch"));
  }

  /** Services that start from now on leave nothing behind where they crash. */
  void setNoCoreFiles() {
    jvm.addAll(List.of("-XX:-CreateCoredumpOnCrash", "-XX:ErrorFile=" + folder.resolve("crash")));
  }

  /** The services of this row, dead ones included. */
  List<Service> services() {
    return List.copyOf(services.values());
  }

  Path stateFolder(String name) {
    return folder.resolve(name + "-state");
  }

  /** Starts the service, or starts it again; it is not ready yet. */
  Service start(String name) throws IOException {
    return start(name, options.service(), Map.of());
  }

  Service start(String name, List<String> main, Map<String, String> environment)
      throws IOException {
    Map<String, String> own = new HashMap<>(settings);
    own.putIfAbsent("state.dir", stateFolder(name).toString());
    Service service = Service.start(name, host, main, own, environment, List.copyOf(jvm), folder);
    Service before = services.put(name, service);
    if (before != null) {
      before.close();
    }
    return service;
  }

  /** Starts it and waits until it takes images. */
  Service startReady(String name) throws IOException, InterruptedException {
    Service service = start(name);
    service.awaitReady(READY);
    return service;
  }

  /** Sleeps for a random while. */
  void pause(int fromMillis, int toMillis) throws InterruptedException {
    Thread.sleep(fromMillis + random.nextInt(toMillis - fromMillis + 1));
  }

  /** The fault of this round is over: recovery is counted from here. */
  void faultOver() {
    faultOver = Instant.now();
  }

  /** What a record must be refused for, by one of these reasons. */
  void expectRefusal(Place place, String... reasons) {
    refusals.put(place, Set.of(reasons));
  }

  /** Sends in the background while the body runs, at a rate an instance bears. */
  void underLoad(double perSecond, Callable<Void> body) throws Exception {
    AtomicBoolean wanted = new AtomicBoolean(true);
    CompletableFuture<Void> load =
        CompletableFuture.runAsync(
            () -> {
              try {
                feeder.send(perSecond, wanted::get);
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
    try {
      body.call();
    } finally {
      wanted.set(false);
      try {
        load.get();
      } catch (ExecutionException e) {
        problems.add("the load broke off: " + e.getCause());
      }
    }
  }

  /** Waits until answers stand in their topic whose transaction is still open. */
  void awaitUncommittedAnswers() throws InterruptedException {
    awaitUncommitted(topics.predictions());
  }

  /** Likewise images that are taken over from other topics. */
  void awaitUncommittedImages() throws InterruptedException {
    awaitUncommitted(topics.images());
  }

  /** Likewise outcomes of labels. */
  void awaitUncommittedOutcomes() throws InterruptedException {
    awaitUncommitted(outcomesTopic());
  }

  private void awaitUncommitted(String topic) throws InterruptedException {
    long begin = System.nanoTime();
    while (!hasUncommitted(topic)) {
      if (System.nanoTime() - begin > UNCOMMITTED.toNanos()) {
        throw new FaultException("nothing was seen in " + topic + " before its commit");
      }
    }
  }

  private boolean hasUncommitted(String topic) throws InterruptedException {
    return !ends(topic, IsolationLevel.READ_UNCOMMITTED)
        .equals(ends(topic, IsolationLevel.READ_COMMITTED));
  }

  private Map<TopicPartition, Long> ends(String topic, IsolationLevel isolation)
      throws InterruptedException {
    Map<TopicPartition, OffsetSpec> latest = new HashMap<>();
    for (int partition = 0; partition < FaultHarness.PARTITIONS; partition++) {
      latest.put(new TopicPartition(topic, partition), OffsetSpec.latest());
    }
    try {
      Map<TopicPartition, Long> ends = new HashMap<>();
      admin
          .listOffsets(latest, new ListOffsetsOptions(isolation))
          .all()
          .get()
          .forEach((partition, info) -> ends.put(partition, info.offset()));
      return ends;
    } catch (ExecutionException e) {
      throw new FaultException("the ends of " + topic + " are not known", e);
    }
  }

  /** Commits the beginning of every partition for the group, once its dead members are gone. */
  void setGroupBack() throws InterruptedException {
    Map<TopicPartition, OffsetAndMetadata> beginning = new HashMap<>();
    for (int partition = 0; partition < FaultHarness.PARTITIONS; partition++) {
      beginning.put(new TopicPartition(topics.images(), partition), new OffsetAndMetadata(0));
    }
    Instant deadline = Instant.now().plus(READY);
    while (true) {
      try {
        admin.alterConsumerGroupOffsets(row.title(), beginning).all().get();
        return;
      } catch (ExecutionException e) {
        if (Instant.now().isAfter(deadline)) {
          throw new FaultException("the group's offsets could not be set back", e);
        }
        Thread.sleep(200);
      }
    }
  }

  /** The most slots that any partition's bank has ever used, by its changelog. */
  int slotsOfBankChangelog() {
    String changelog = row.title() + "-bank-changelog";
    int most = 0;
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(connection, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      for (int partition = 0; partition < FaultHarness.PARTITIONS; partition++) {
        TopicPartition at = new TopicPartition(changelog, partition);
        consumer.assign(List.of(at));
        consumer.seekToBeginning(List.of(at));
        long end = consumer.endOffsets(List.of(at)).get(at);
        Set<ByteBuffer> slots = new HashSet<>();
        while (consumer.position(at) < end) {
          consumer.poll(Duration.ofMillis(100)).forEach(r -> slots.add(ByteBuffer.wrap(r.key())));
        }
        most = Math.max(most, slots.size());
      }
    }
    return most;
  }

  /** Whether everything sent so far comes to its end in time. */
  boolean settledWithin(Duration longest) throws InterruptedException {
    feeder.flush();
    return verifier.settle(longest, Duration.ZERO);
  }

  /** Something to put right at the end, whatever happens. */
  void onClose(Callable<Void> action) {
    toUndo.push(action);
  }

  /** Notes something for the report. */
  void note(String text) {
    notes.add(text);
  }

  /** Adds a round's figure to the report. */
  void figure(String name, double value) {
    figures.computeIfAbsent(name, n -> new ArrayList<>()).add(value);
  }

  /** Adds a problem unless the condition holds. */
  void check(boolean holds, String problem) {
    if (!holds) {
      problems.add(problem);
    }
  }

  boolean isBroken() {
    return !problems.isEmpty();
  }

  /** The end of a round: everything sent must come to an answer or a refusal. */
  void settle() throws InterruptedException {
    feeder.flush();
    if (!verifier.settle(PATIENCE, QUIET) && !settleLate()) {
      problems.add(
          "%d records had no answer after %d s"
              .formatted(verifier.verdict().lost(), PATIENCE.plus(SETTLE).toSeconds()));
    }
    verifier
        .firstAnswerAfter(faultOver)
        .ifPresent(at -> recoveries.add(Duration.between(faultOver, at).toMillis() / 1000.0));
    faultOver = Instant.MAX;
    refusals.forEach(
        (place, allowed) -> {
          List<String> reasons = verifier.reasons(place);
          if (reasons.size() != 1 || !allowed.contains(reasons.get(0))) {
            problems.add(place + " was refused for " + reasons + ", not for " + allowed);
          }
        });
    refusals.clear();
    problems.addAll(verifier.verdict().problems());
    if (labels.isPresent()) {
      problems.addAll(labels.get().settle(PATIENCE, QUIET));
    }
  }

  /** Nobody operates a cluster: what a restart of a single broker mends, its replicas have to. */
  private boolean settleLate() throws InterruptedException {
    return cluster.isPresent() ? verifier.settle(SETTLE, QUIET) : settleWithAnotherBroker();
  }

  /**
   * A broker that was killed has been seen to come back with a group coordinator that is out of
   * step with its own log: it says so, and from then on either holds transactions for open which
   * that log has as ended, or sends everybody away as not the coordinator, until somebody starts
   * the broker again. Transactions time out after ten seconds, so who still waits after a minute
   * waits for that. So this starts it again, as its operator would, and the report says it (ADR 9).
   */
  private boolean settleWithAnotherBroker() throws InterruptedException {
    boolean again = false;
    int seen = 0;
    long deadline = System.nanoTime() + SETTLE.toNanos();
    while (System.nanoTime() - deadline < 0) {
      boolean unstable = services().stream().anyMatch(Service::waitsForUnstableOffsets);
      seen = unstable || brokerIsOutOfStep() ? seen + 1 : 0;
      // Once may be a service that has just come back; on a busy machine it says so late.
      if (seen == 2 && !again) {
        note(
            unstable
                ? "the broker held ended transactions for open, and was started again"
                : "the broker's coordinator was out of step with its log, and it was started again");
        stack.stop(Server.BROKER, true);
        stack.startAgain(Server.BROKER);
        again = true;
        deadline = System.nanoTime() + SETTLE.toNanos();
      }
      if (verifier.settle(LOOK, QUIET)) {
        return true;
      }
    }
    return false;
  }

  /** Whether the broker has said so since its last start. */
  private boolean brokerIsOutOfStep() {
    try {
      return Files.readString(
              options.work().resolve("stack").resolve("broker.log"), StandardCharsets.ISO_8859_1)
          .contains("out of sync with the underlying log");
    } catch (IOException e) {
      throw new UncheckedIOException("the broker's log cannot be read", e);
    }
  }

  RowResult result(int rounds) {
    Verdict verdict = verifier.verdict();
    Optional<LabelVerifier.Verdict> labelled = labels.map(Labels::verdict);
    labelled.ifPresent(
        l ->
            note("%d labels: %s, %d dead letters".formatted(l.labels(), l.results(), l.refused())));
    recoveries.sort(null);
    int size = recoveries.size();
    return new RowResult(
        row.number(),
        row.title(),
        rounds,
        verdict.images(),
        verdict.predicted(),
        verdict.deadLettered(),
        verdict.lost() + labelled.map(LabelVerifier.Verdict::lost).orElse(0),
        verdict.duplicated() + labelled.map(LabelVerifier.Verdict::duplicated).orElse(0),
        size == 0 ? Double.NaN : recoveries.get(size / 2),
        size == 0 ? Double.NaN : recoveries.get(size - 1),
        List.copyOf(notes),
        Map.copyOf(figures),
        problems.stream().distinct().toList(),
        "");
  }

  @Override
  public void close() {
    try {
      services.values().forEach(Service::close);
      feeder.close();
      verifier.close();
      admin.close();
    } finally {
      undo();
      Runtime.getRuntime().removeShutdownHook(onInterrupt);
    }
  }

  /** Ctrl-C in the middle of a row: a frozen service would never notice that its parent is gone. */
  private void endServices() {
    services.values().forEach(Service::close);
    undo();
  }

  private void undo() {
    while (!toUndo.isEmpty()) {
      try {
        toUndo.pop().call();
      } catch (Exception e) {
        throw new FaultException("the machine is not as it was before " + row.title(), e);
      }
    }
  }
}
