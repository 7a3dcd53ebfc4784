package io.cnn2gnn.topology.teaching;

import io.cnn2gnn.intake.ImageName;
import io.cnn2gnn.intake.LabelRecord;
import io.cnn2gnn.intake.LabelRecord.Coordinates;
import io.cnn2gnn.model.inference.Answer;
import io.cnn2gnn.model.inference.Answer.Decision;
import io.cnn2gnn.model.label.LabelledRow;
import io.cnn2gnn.model.label.LabelledRows;
import io.cnn2gnn.schemas.Printable;
import io.cnn2gnn.schemas.avro.LabelResult;
import io.cnn2gnn.topology.commit.CommitPace;
import io.cnn2gnn.topology.deadletter.DeadLetters;
import io.cnn2gnn.topology.flow.DecodedImage;
import io.cnn2gnn.topology.flow.Nodes;
import io.cnn2gnn.topology.flow.Rejection;
import io.cnn2gnn.topology.flow.Rejection.Stage;
import io.cnn2gnn.topology.flow.Source;
import io.cnn2gnn.topology.metrics.KindMeter;
import io.cnn2gnn.topology.serving.ServedModel;
import io.cnn2gnn.topology.teaching.FarImages.Found;
import io.cnn2gnn.topology.teaching.LabelReader.Read;
import io.cnn2gnn.topology.teaching.WaitingLabels.Entry;
import io.cnn2gnn.topology.teaching.WaitingLabels.Waiting;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;

/**
 * What labels do in one task. A label finds its image among the recent answers of the partition, or
 * by its coordinates, or waits for it; then the image is a row of the labelled tier, whose topic
 * gets it in the task's transaction. Each label has one outcome.
 */
public final class Teaching {
  /** Labels that wait for their image; one more ends the wait of the oldest. */
  static final int MOST_WAITING = 2_000;

  /** Labels that wait for their schema, before the partition takes no more. */
  private static final int MOST_UNREAD = 1_000;

  /** A longer key is not kept with a row. */
  private static final int LONGEST_KEY = 1024;

  /** What is shown of labels. */
  public static final KindMeter<?> METER = Outcomes.METER;

  private final TeachingConfig config;
  private final TeachingParts parts;
  private final DeadLetters deadLetters;
  private final ProcessorContext<byte[], Object> context;
  private final BiConsumer<String, Optional<String>> relabel;
  private final int partition;
  private final LabelReader reader;
  private final RecentAnswers recent;
  private final WaitingLabels waiting;
  private final FarImages far;
  private final TierView view;
  private final TierBounds bounds;
  private final Outcomes outcomes;
  private ServedModel model;
  private Set<String> knownClasses;
  private boolean takenUp;

  /** Asked when the task began: until then rows of its predecessor may be missing. */
  private final long predecessor;

  /** Images that are looked for next, of those that labels wait for. */
  private final Set<String> ready = new LinkedHashSet<>();

  /** Images that have still to come, the longest awaited first. */
  private final Set<String> awaiting = new LinkedHashSet<>();

  /**
   * Of a task.
   *
   * @param model that answers
   * @param relabel says in the bank that an image's class is known, or no longer
   */
  public Teaching(
      TeachingConfig config,
      TeachingParts parts,
      DeadLetters deadLetters,
      ProcessorContext<byte[], Object> context,
      ServedModel model,
      BiConsumer<String, Optional<String>> relabel) {
    this.config = config;
    this.parts = parts;
    this.deadLetters = deadLetters;
    this.context = context;
    this.model = model;
    this.knownClasses = Set.copyOf(model.card().classes());
    this.relabel = relabel;
    this.partition = context.taskId().partition();
    this.reader =
        new LabelReader(
            parts.input().records(),
            parts.input().reading(),
            parts.nanos(),
            parts.input().waiting());
    KeyValueStore<Integer, byte[]> ring = context.getStateStore(Nodes.RECENT_STORE);
    this.recent = new RecentAnswers(config.recent(), ring);
    this.waiting = new WaitingLabels(context.getStateStore(Nodes.WAITING_STORE));
    this.far = new FarImages(parts.images(), parts.input().reading(), parts.nanos());
    this.predecessor = parts.input().tier().ask();
    this.view = new TierView(parts.input().tier(), parts.nanos());
    this.bounds = new TierBounds(config, view);
    this.outcomes =
        new Outcomes(
            context,
            parts.input().writer(),
            parts.wallMillis(),
            parts.metrics().counter(Outcomes.METER));
  }

  /** The stores of it. */
  public static List<StoreBuilder<?>> stores() {
    return List.of(RecentAnswers.store(), WaitingLabels.store());
  }

  /** Another model answers from now on. */
  public void changeTo(ServedModel next) {
    model = next;
    knownClasses = Set.copyOf(next.card().classes());
  }

  /** What the next batch is to be answered with. */
  public LabelledRows rows() {
    return parts.input().tier().rows();
  }

  /** Whether an image hears of the labels of its own source alone. */
  public boolean ofSource() {
    return config.ofSource();
  }

  /** Takes a record of the labels topic. */
  public void take(Source record) {
    long start = parts.nanos().getAsLong();
    CommitPace pace = parts.pace().get();
    pace.work(() -> read(record));
    pace.answered();
    parts.metrics().labelTaken(parts.nanos().getAsLong() - start);
  }

  private void read(Source record) {
    takeUp();
    view.refresh();
    Optional<Read> read =
        reader
            .objection(record)
            .or(
                () ->
                    waiting.unread() > 0 || !isTierWhole() ? Optional.empty() : reader.now(record));
    if (read.isPresent()) {
      handle(record, read.get(), parts.wallMillis().getAsLong());
    } else {
      waiting.addUnread(record, parts.wallMillis().getAsLong());
      readOn();
    }
  }

  private void takeUp() {
    if (!takenUp) {
      takenUp = true;
      waiting.takeUp();
    }
  }

  private void handle(Source record, Read read, long since) {
    if (read instanceof Read.Label label) {
      decide(label.said(), since);
    } else if (read instanceof Read.Refused refused) {
      context.forward(
          deadLetters.of(
              record,
              new Rejection(Stage.LABEL, refused.reason(), refused.message(), refused.imageId())),
          Nodes.DEAD_LETTERS);
    }
  }

  /** Remembers a batch's answers, and does what labels wait for them or came with them. */
  public void answered(List<DecodedImage> images, List<Answer> answers) {
    takeUp();
    view.refresh();
    int projection = model.card().student().projection();
    for (int i = 0; i < images.size(); i++) {
      recent.add(
          images.get(i), answers.get(i), model.card().id(), model.card().space(), projection);
    }
    recent.flush();
    for (int i = 0; i < images.size(); i++) {
      DecodedImage image = images.get(i);
      Optional<Waiting> label = stopWaiting(image.query().image());
      if (label.isPresent()) {
        decide(label.get().said(), label.get().since());
      } else if (image.query().label().isPresent()) {
        hear(image, answers.get(i), image.query().label().get());
      }
    }
  }

  /** The image's own record says its class. It is taught where the answer was not as sure. */
  private void hear(DecodedImage image, Answer answer, String label) {
    if (answer.labels().decidedBy() == Decision.LABEL) {
      return;
    }
    parts.input().truths().told(model.card().id(), answer.label(), label);
    boolean taught = answer.label().equals(label) && answer.confidence() >= parts.sure();
    boolean isName = !label.isBlank() && Printable.of(label).equals(label);
    boolean isSaid = view.get(image.query().image()).filter(r -> r.said().isPresent()).isPresent();
    if (taught
        || !isName
        || isSaid
        || config.capacity() == 0
        || bounds
            .objection(image.query().image(), label, image.query().source(), knownClasses)
            .isPresent()) {
      return;
    }
    Source source = image.source();
    write(
        new TaughtRow(
            new LabelledRow(
                image.query().image(),
                image.query().source(),
                image.query().id(),
                label,
                model.card().space(),
                Arrays.copyOf(answer.row().values(), model.card().student().projection()),
                LabelledRow.Own.of(answer.labels().without().label(), label)),
            source.key().filter(key -> key.length <= LONGEST_KEY),
            "",
            new Coordinates(source.topic(), source.partition(), source.offset()),
            partition,
            Optional.empty()));
  }

  private void decide(Said said, long since) {
    if (said.label().label().isEmpty()) {
      takeBack(said);
      return;
    }
    Optional<String> objection = objection(said);
    if (objection.isPresent()) {
      refuse(said, "WRONG_COORDINATES", objection.get());
      return;
    }
    supersede(said, "a later label of the image came before the image was found");
    Optional<RecentAnswer> answer = recent.find(said.image());
    if (answer.isPresent() && answer.get().space().equals(model.card().space())) {
      Found.Embedded known =
          new Found.Embedded(
              place(answer.get()), answer.get().metric(), Optional.of(answer.get().own()));
      teach(said, known, answer);
      return;
    }
    waiting.add(said, since);
    if (place(said).filter(this::isAnswered).isPresent()) {
      ready.add(said.image());
    } else {
      awaiting.add(said.image());
    }
    if (waiting.size() > MOST_WAITING) {
      giveUp(waiting.oldest().orElseThrow(), "TOO_MANY_WAIT");
    }
  }

  private Optional<Coordinates> place(Said said) {
    return recent.find(said.image()).map(this::place).or(() -> said.label().image());
  }

  private Optional<Waiting> stopWaiting(String image) {
    ready.remove(image);
    awaiting.remove(image);
    far.drop(image);
    return waiting.remove(image);
  }

  private Coordinates place(RecentAnswer answer) {
    return new Coordinates(parts.images().topic(), partition, answer.offset());
  }

  /** Ends the wait of another label of the same image; false if none waits. */
  private boolean supersede(Said said, String message) {
    Optional<Waiting> before = stopWaiting(said.image());
    before.ifPresent(label -> refuse(label.said(), "SUPERSEDED", message));
    return before.isPresent();
  }

  private Optional<String> objection(Said said) {
    if (said.label().image().isEmpty()) {
      return Optional.empty();
    }
    Coordinates at = said.label().image().get();
    if (!at.topic().equals(parts.images().topic())) {
      return Optional.of(
          "images come from topic %s, the label points to %s"
              .formatted(parts.images().topic(), at));
    }
    int partitions = parts.input().partitions().getAsInt();
    if (at.partition() < 0 || at.partition() >= partitions || at.offset() < 0) {
      return Optional.of(
          "topic %s has the partitions 0 to %d, the label points to %s"
              .formatted(at.topic(), partitions - 1, at));
    }
    return Optional.empty();
  }

  private void takeBack(Said said) {
    boolean waited =
        waiting.get(said.image()).filter(label -> by(label.said()).equals(by(said))).isPresent()
            && supersede(said, "it was taken back before the image was found");
    boolean taught =
        view.get(said.image()).filter(r -> r.labelledBy().equals(by(said))).isPresent();
    if (taught) {
      delete(said.image());
      relabel.accept(said.image(), Optional.empty());
    }
    if (taught || waited) {
      outcomes.say(said, LabelResult.TAKEN_BACK, "", "", recent.find(said.image()));
    } else {
      outcomes.say(
          said,
          LabelResult.NOT_FOUND,
          "NO_LABEL",
          "%s has no label of %s in force".formatted(said.label().imageId(), by(said)),
          Optional.empty());
    }
  }

  private static String by(Said said) {
    return said.label().labelledBy();
  }

  private void teach(Said said, Found.Embedded image, Optional<RecentAnswer> answered) {
    LabelRecord label = said.label();
    String name = label.label().orElseThrow();
    if (label.kind() == LabelRecord.Kind.TRUTH && answered.isPresent() && answered.get().counts()) {
      parts.input().truths().told(answered.get().model(), answered.get().label(), name);
      recent.counted(answered.get());
    }
    String source = new ImageName(said.source().key(), "").digest();
    Optional<String> objection =
        config.capacity() == 0
            ? Optional.of("cnn2gnn.bank.labelled.capacity is 0")
            : bounds.objection(said.image(), name, source, knownClasses);
    if (objection.isPresent()) {
      refuse(said, config.capacity() == 0 ? "TEACHING_OFF" : "TOO_MANY_CLASSES", objection.get());
      return;
    }
    write(
        new TaughtRow(
            new LabelledRow(
                said.image(),
                source,
                label.imageId(),
                name,
                model.card().space(),
                image.metric(),
                // Corrections are of wrong answers only, and say nothing of how many are.
                label.kind() == LabelRecord.Kind.TRUTH
                    ? TaughtRow.judged(image.own(), name)
                    : LabelledRow.Own.UNKNOWN),
            said.source().key().filter(key -> key.length <= LONGEST_KEY),
            by(said),
            image.at(),
            partition,
            Optional.of(said.at())));
    outcomes.say(said, LabelResult.TAUGHT, "", "", answered);
  }

  private void refuse(Said said, String reason, String message) {
    outcomes.say(said, LabelResult.REFUSED, reason, message, Optional.empty());
  }

  private void write(TaughtRow row) {
    view.put(row);
    forward(row.row().image(), row.encode());
    relabel.accept(row.row().image(), Optional.of(row.row().label()));
  }

  private void delete(String image) {
    view.remove(image);
    forward(image, null);
  }

  private void forward(String image, byte[] row) {
    parts.pace().get().answered();
    context.forward(
        new Record<>(image.getBytes(StandardCharsets.UTF_8), row, parts.wallMillis().getAsLong()),
        Nodes.LABELLED);
  }

  /** Goes on with what waits. */
  public void tick() {
    parts.pace().get().work(this::goOn);
  }

  private void goOn() {
    takeUp();
    view.refresh();
    readOn();
    if (!isTierWhole()) {
      return;
    }
    makeRoom();
    endWaits();
    for (Iterator<String> images = ready.iterator(); images.hasNext() && far.hasRoom(); ) {
      Waiting label = waiting.get(images.next()).orElseThrow();
      images.remove();
      Optional<Coordinates> at = place(label.said());
      if (at.isPresent()) {
        far.want(label.said().image(), at.get());
      } else {
        // Its answer was the only one who knew, and is no longer remembered.
        giveUp(label, "NO_SUCH_IMAGE");
      }
    }
    embedAgain();
    far.poll(model.model()).forEach(this::found);
  }

  /** Before that a label that is taken back might not be found, and a row leave twice. */
  private boolean isTierWhole() {
    return parts.input().tier().isPast(predecessor);
  }

  private void makeRoom() {
    for (TaughtRow row : bounds.surplus(partition)) {
      delete(row.row().image());
      outcomes.left(row, "GAVE_WAY", "the labelled tier is full, and newer labels came");
    }
  }

  private void readOn() {
    for (Optional<Entry> first = waiting.firstUnread();
        first.isPresent() && isTierWhole();
        first = waiting.firstUnread()) {
      Source record = first.get().source();
      Optional<Read> read = reader.now(record).or(() -> reader.later(record));
      if (read.isEmpty()) {
        break;
      }
      waiting.removeFirstUnread();
      handle(record, read.get(), first.get().since());
    }
    tellBackpressure();
  }

  private void tellBackpressure() {
    parts.input().backpressure().set(partition, waiting.unread() >= MOST_UNREAD);
  }

  /** Of images that have not come, those whose place is known are looked for there. */
  private void endWaits() {
    long now = parts.wallMillis().getAsLong();
    for (Iterator<String> images = awaiting.iterator(); images.hasNext(); ) {
      Waiting label = waiting.get(images.next()).orElseThrow();
      if (now - label.since() < config.patience().toMillis()) {
        return;
      }
      images.remove();
      if (place(label.said()).isPresent()) {
        ready.add(label.said().image());
      } else {
        giveUp(label, "NO_SUCH_IMAGE");
      }
    }
  }

  /** Of another partition that cannot be known here: its answer would not be found by waiting. */
  private boolean isAnswered(Coordinates at) {
    return at.partition() != partition || at.offset() <= recent.lastOffset();
  }

  private void giveUp(Waiting label, String reason) {
    stopWaiting(label.said().image());
    outcomes.say(
        label.said(),
        LabelResult.NOT_FOUND,
        reason,
        ("the image was not among the last %d answers of partition %d until now: is the record key the image's"
                + " own, and the id right? With the coordinates of its prediction it is found for as"
                + " long as its topic keeps it")
            .formatted(config.recent(), partition),
        Optional.empty());
  }

  private void found(String image, Found found) {
    Optional<Waiting> label = stopWaiting(image);
    if (label.isPresent()) {
      Said said = label.get().said();
      Optional<RecentAnswer> answer = recent.find(image);
      if (found instanceof Found.Embedded embedded) {
        teach(said, embedded, answer);
      } else if (found instanceof Found.Gone gone) {
        outcomes.say(said, LabelResult.NOT_FOUND, gone.reason(), gone.message(), answer);
      }
      return;
    }
    Optional<TaughtRow> row = view.get(image);
    if (row.isEmpty()) {
      return;
    }
    if (found instanceof Found.Embedded embedded) {
      TaughtRow again = row.get().in(model.card().space(), embedded.metric(), embedded.own());
      view.put(again);
      forward(image, again.encode());
    } else if (found instanceof Found.Gone gone) {
      delete(image);
      outcomes.left(row.get(), gone.reason(), gone.message());
    }
  }

  /** Rows of this partition that another model has embedded, a slice at a time. */
  private void embedAgain() {
    String space = model.card().space();
    if (!far.hasRoom() || view.isWhollyOf(space)) {
      return;
    }
    List<TaughtRow> others =
        view.all()
            .filter(row -> row.owner() == partition && !row.row().space().equals(space))
            .filter(row -> !far.isUnderWay(row.row().image()))
            .limit(FarImages.SLICE)
            .toList();
    for (TaughtRow row : others) {
      if (far.hasRoom()) {
        far.want(row.row().image(), row.image());
      }
    }
  }

  /** The task ends. */
  public void close() {
    far.close();
    reader.close();
    parts.input().backpressure().set(partition, false);
  }
}
