package io.cnn2gnn.page;

import io.cnn2gnn.intake.ImageReader;
import io.cnn2gnn.page.group.ServiceGroup;
import io.cnn2gnn.page.release.ReleaseBoard;
import io.cnn2gnn.page.release.ReleaseEvents;
import io.cnn2gnn.page.time.Timeline;
import io.cnn2gnn.schemas.PredictionReader;
import io.cnn2gnn.schemas.SchemaRegistries;
import io.cnn2gnn.schemas.WireReader;
import io.cnn2gnn.schemas.WireWriter;
import io.cnn2gnn.schemas.avro.Image;
import io.cnn2gnn.schemas.avro.Label;
import io.cnn2gnn.schemas.avro.LabelOutcome;
import io.cnn2gnn.schemas.avro.ModelEvent;
import io.cnn2gnn.schemas.release.ReleaseControl;
import io.cnn2gnn.schemas.release.ReleaseReader;
import io.cnn2gnn.schemas.release.ReleaseWriter;
import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A live page: the last images of every source as they are answered, what decided each of them, and
 * labels given with a click. It works with any number of instances of the service, and may go away
 * at any time.
 */
public final class Page implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Page.class);
  private static final long TICK_MILLIS = 250;

  /** Of a tick: nobody can look at more. */
  private static final int MOST_CARDS = 24;

  private final SchemaRegistryClient registry;
  private final Gallery gallery = new Gallery();
  private final Tally tally = new Tally(System::currentTimeMillis);
  private final Queue<LabelOutcome> told = new ConcurrentLinkedQueue<>();
  private final Broadcast broadcast = new Broadcast();
  private final Feed feed;
  private final Pictures pictures;
  private final Labeller labeller;
  private final ReleaseEvents releaseEvents = new ReleaseEvents();
  private final ReleaseBoard releases;
  private final Timeline timeline = new Timeline();
  private final ServiceGroup group;
  private final PageServer server;
  private final ScheduledExecutorService ticks =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "page-ticks");
            thread.setDaemon(true);
            return thread;
          });
  private long seen;

  private Page(PageConfig config) throws PageException {
    Prototypes prototypes = Prototypes.of(config.bundle());
    Kafka kafka = new Kafka(config.clients());
    registry = SchemaRegistries.create(config.clients());
    feed =
        new Feed(
            kafka,
            config.topics(),
            new Feed.Readers(
                new PredictionReader(registry, config.topics().predictions()),
                new WireReader<>(registry, config.topics().outcomes(), LabelOutcome.class),
                new WireReader<>(registry, config.topics().events(), ModelEvent.class)),
            gallery,
            tally,
            told::add,
            this::takeEvent);
    pictures =
        new Pictures(
            kafka,
            ImageReader.of(
                config.format(),
                () -> new WireReader<>(registry, config.topics().images(), Image.class)),
            gallery);
    boolean register = SchemaRegistries.autoRegister(config.clients());
    String labels = config.topics().labels();
    labeller =
        new Labeller(
            labels,
            () -> new WireWriter<>(registry, labels, Label.class, register),
            kafka::producer);
    String models = config.topics().models();
    releases =
        new ReleaseBoard(
            new ReleaseControl(
                () -> new ReleaseReader(kafka.keyedConsumer(), models, registry),
                () -> new ReleaseWriter(kafka.keyedProducer(), models, registry, register)),
            releaseEvents);
    group = new ServiceGroup(kafka::admin, config.group(), config.topics().images());
    Gate gate = new Gate(config);
    server = new PageServer(config, gate, routes(prototypes, gate), broadcast);
  }

  private Routes routes(Prototypes prototypes, Gate gate) {
    Answers answers = new Answers(gallery, prototypes, labeller, gate);
    ReleaseAnswers ofReleases = new ReleaseAnswers(releases);
    ServiceAnswers ofService = new ServiceAnswers(group, timeline, gallery, Clock.systemUTC());
    MapAnswers ofMap = new MapAnswers(gallery);
    return new Routes(
        Map.ofEntries(
            Map.entry("/health/live", query -> Reply.text(200, "ok")),
            Map.entry(
                "/health/ready",
                query ->
                    feed.away().isEmpty() ? Reply.text(200, "ok") : Reply.text(503, "not yet")),
            Map.entry("/api/setting", query -> answers.setting()),
            Map.entry("/api/answers", answers::answers),
            Map.entry("/api/answer", answers::answer),
            Map.entry("/api/refused", query -> answers.refused()),
            Map.entry("/api/models", query -> answers.models()),
            Map.entry("/api/releases", query -> ofReleases.list()),
            Map.entry("/api/time", ofService::time),
            Map.entry("/api/instances", query -> ofService.instances()),
            Map.entry("/api/map", ofMap::map),
            Map.entry("/picture", pictures::picture),
            Map.entry("/prototypes", query -> prototypes.picture())),
        Map.of(
            "/api/labels", new Routes.Write(Gate.Right.LABEL, answers::label),
            "/api/releases", new Routes.Write(Gate.Right.RELEASE, ofReleases::decide)));
  }

  /** Of the feed's thread. */
  private void takeEvent(ModelEvent event) {
    releaseEvents.add(event);
    timeline.add(event);
  }

  /**
   * Shows it. A broker that is away is waited for.
   *
   * @throws PageException if the bundle cannot be read, or the port is taken
   */
  public static Page start(PageConfig config) throws PageException {
    Page page = new Page(config);
    page.server.start();
    page.feed.start();
    var unused =
        page.ticks.scheduleAtFixedRate(
            page::safeTick, TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
    return page;
  }

  /** Where it is. */
  public String address() {
    return server.address();
  }

  /** One that failed would be the last. */
  private void safeTick() {
    try {
      tick();
    } catch (RuntimeException e) {
      LOG.warn("browsers were not told what is new", e);
    }
  }

  private void tick() {
    Gallery.News news = gallery.since(seen, MOST_CARDS);
    seen = news.last();
    List<Views.Told> outcomes = new ArrayList<>();
    for (LabelOutcome outcome = told.poll(); outcome != null; outcome = told.poll()) {
      outcomes.add(Views.Told.of(outcome));
    }
    broadcast.send(
        Json.GSON.toJson(
            new Views.Tick(
                news.answers().stream().map(Views.Card::of).toList(),
                news.refused().stream().map(Views.Refusal::of).toList(),
                news.models().stream().map(Views.Model::of).toList(),
                outcomes,
                tally.figures(),
                feed.away())));
  }

  @Override
  public void close() {
    ticks.shutdownNow();
    broadcast.close();
    server.close();
    feed.close();
    labeller.close();
    pictures.close();
    releases.close();
    group.close();
    try {
      registry.close();
    } catch (IOException e) {
      // It holds nothing but connections, which end with the process.
    }
  }
}
