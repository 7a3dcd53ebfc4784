package io.cnn2gnn.cli.label;

import static org.assertj.core.api.Assertions.assertThat;

import io.cnn2gnn.cli.TestService;
import io.cnn2gnn.cli.TestService.Ended;
import io.cnn2gnn.cli.kit.Connection;
import io.cnn2gnn.cli.label.StandInService.Seen;
import io.cnn2gnn.localstack.LocalStack;
import io.cnn2gnn.localstack.LocalStackConfig;
import io.cnn2gnn.schemas.WireWriter;
import io.cnn2gnn.schemas.avro.ImageCoordinates;
import io.cnn2gnn.schemas.avro.Label;
import io.cnn2gnn.schemas.avro.LabelKind;
import io.cnn2gnn.schemas.avro.LabelledImage;
import io.cnn2gnn.schemas.avro.Prediction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.utils.Utils;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The label command against a real broker and registry, and a stand-in of the service. */
@Timeout(180)
class LabelRunTest {
  @TempDir private static Path folder;
  private static LocalStack stack;
  private static StandInService service;
  private static TestService commands;

  @BeforeAll
  static void start() throws Exception {
    stack = LocalStack.start(LocalStackConfig.temporary());
    Map<String, String> properties = new HashMap<>();
    properties.put(Connection.BOOTSTRAP, stack.broker().get());
    properties.put(Connection.REGISTRY, stack.registry().get().toString());
    try (Admin admin =
        Admin.create(Map.<String, Object>of(Connection.BOOTSTRAP, stack.broker().get()))) {
      admin
          .createTopics(
              Stream.of("labels", "labels.outcomes", "predictions")
                  .map(name -> new NewTopic(name, 2, (short) 1))
                  .toList())
          .all()
          .get();
    }
    commands = new TestService("labels-test", properties);
    WireWriter<Prediction> writer =
        new WireWriter<>(Connection.registry(properties), "predictions", Prediction.class, true);
    commands.send(
        List.of(
            new ProducerRecord<>("predictions", 1, "cam", writer.write(prediction("gone", 70, 1))),
            new ProducerRecord<>("predictions", 1, "cam", writer.write(prediction("gone", 71, 2))),
            new ProducerRecord<>("predictions", 1, "else", writer.write(prediction("gone", 72, 3))),
            new ProducerRecord<>("predictions", 1, "cam", new byte[] {9}),
            new ProducerRecord<>("predictions", 1, null, writer.write(prediction("bare", 73, 1)))));
    service = new StandInService(properties);
  }

  @AfterAll
  static void stop() throws Exception {
    service.stop();
    stack.close();
  }

  private static Prediction prediction(String id, long offset, long second) {
    return Prediction.newBuilder()
        .setImageId(id)
        .setLabel("Shirt")
        .setConfidence(1)
        .setScores(List.of())
        .setModelVersion("fashion:1")
        .setSpace("s")
        .setBatchId("b")
        .setBatchSize(1)
        .setBankEpoch(0)
        .setNeighbours(List.of())
        .setCapturedAt(Instant.EPOCH)
        .setPredictedAt(Instant.ofEpochSecond(second))
        .setImage(new ImageCoordinates("images", 1, offset))
        .build();
  }

  private static Ended label(String... arguments) {
    List<String> line = new ArrayList<>(List.of("label"));
    line.addAll(List.of(arguments));
    return commands.run(Map.of(), line.toArray(new String[0]));
  }

  private static List<Seen> of(String imageId) {
    return service.seen().stream().filter(one -> one.label().getImageId().equals(imageId)).toList();
  }

  /** As Kafka's Java client chooses, in two partitions. */
  private static int partition(String key) {
    return Utils.toPositive(Utils.murmur2(key.getBytes(StandardCharsets.UTF_8))) % 2;
  }

  private static String without(String err) {
    // The progress bar is on standard error, too.
    return err.lines()
        .filter(line -> line.startsWith("cnn2gnn: "))
        .reduce("", (a, b) -> a + b + "\n");
  }

  @Test
  void oneLabelIsTaughtAndTakenBackInThePartitionOfItsKey() {
    Ended taught = label("cam-7", "one", "Bag", "--by", "ann", "--comment", "seen");
    assertThat(taught.code()).as(taught.err()).isZero();
    assertThat(taught.out())
        .isEqualTo("cam-7/one: taught as Bag; it had been answered with Shirt by fashion:1\n");

    Ended strange = label("cam-7", "one", "--take-back", "--by", "bob");
    strange.refuses("cam-7/one: not found: nothing to take back");

    Ended back = label("cam-7", "one", "--take-back", "--by", "ann");
    assertThat(back.code()).as(back.err()).isZero();
    assertThat(back.out())
        .isEqualTo("cam-7/one: taken back; what it had been answered with is not known any more\n");

    List<Seen> seen = of("one");
    assertThat(seen).extracting(Seen::key).containsOnly("cam-7");
    assertThat(seen).extracting(Seen::partition).containsOnly(partition("cam-7"));
    assertThat(seen).extracting(one -> one.label().getLabel()).containsExactly("Bag", null, null);
    Label first = seen.get(0).label();
    assertThat(first.getKind()).isEqualTo(LabelKind.CORRECTION);
    assertThat(first.getComment()).isEqualTo("seen");
    assertThat(first.getImage()).isNull();
  }

  @Test
  void oneLabelWithCoordinatesGoesToTheImagesPartition() {
    String key =
        IntStream.range(0, 9)
            .mapToObj(i -> "k" + i)
            .filter(k -> partition(k) == 0)
            .findFirst()
            .orElseThrow();
    Ended ended =
        label(key, "placed", "Bag", "--partition", "1", "--offset", "5", "--kind", "truth");
    assertThat(ended.code()).as(ended.err()).isZero();
    Seen seen = of("placed").get(0);
    assertThat(seen.partition()).isEqualTo(1);
    assertThat(seen.label().getImage()).isEqualTo(new LabelledImage("images", 1, 5L));
    assertThat(seen.label().getKind()).isEqualTo(LabelKind.TRUTH);
    assertThat(seen.label().getLabelledBy()).isEqualTo(System.getProperty("user.name"));

    label(key, "nowhere", "Bag", "--partition", "2", "--offset", "5")
        .refuses("nowhere is in partition 2, and topic labels has 2");
    assertThat(of("nowhere")).isEmpty();
  }

  @Test
  void anImageThatLeftMemoryIsFoundByItsNewestPrediction() {
    label("cam", "gone", "Bag").refuses("cam/gone: not found: ", "or --look-up");
    Ended found = label("cam", "gone", "Bag", "--look-up");
    assertThat(found.code()).as(found.err()).isZero();
    assertThat(found.out().lines())
        .singleElement()
        .asString()
        .startsWith("cam/gone: taught as Bag");
    assertThat(of("gone").get(1).label().getImage()).isEqualTo(new LabelledImage("images", 1, 71L));

    Ended bare = label("", "bare", "Bag", "--look-up");
    assertThat(bare.code()).as(bare.err()).isZero();
    assertThat(of("bare").get(0).key()).isEqualTo("none");
    assertThat(of("bare").get(0).partition()).isEqualTo(1);
    Ended lost = label("", "unknown", "Bag", "--look-up");
    assertThat(lost.code()).isEqualTo(1);
    assertThat(lost.err()).contains("an image without a source needs");
    assertThat(of("unknown")).isEmpty();
  }

  @Test
  void aServiceThatRefusesOrSaysNothingEndsInALineThatSaysWhatToDo() {
    label("cam", "two", "Forbidden")
        .refuses("cam/two: refused (FORBIDDEN): this class\\u001b[2J is not taken");
    label("cam", "silent", "Bag", "--wait-seconds", "1")
        .refuses(
            "cam/silent: no outcome yet; none came for 1 s: is the service running?",
            "The label is on topic labels and will be taken when it is");
    assertThat(of("silent")).hasSize(1);
  }

  @Test
  void aLabelThatTheServiceWouldRefuseIsNotSent() {
    label("cam", "bad", "Ba\u0007g").refuses("a label must have 1 to 512 characters");
    label("cam", "bad", "Bag", "--by", " ").refuses("labelledBy must have");
    label("cam", "bad", "Bag", "--comment", "x".repeat(5_000)).refuses("a comment has at most");
    assertThat(of("bad")).isEmpty();
  }

  @Test
  void aFileTellsOfEveryRowThatWasNotTakenAndSumsUp() throws Exception {
    StringBuilder csv =
        new StringBuilder("\ufeffsource,imageId,label,labelledBy,partition,offset\r\n");
    for (int i = 0; i < 1200; i++) {
      csv.append("file-").append(i % 9).append(",row").append(i).append(",Bag,carl,,\r\n");
    }
    csv.append("cam,gone,Bag,,,\r\n\"cam\",\"r,1\",Forbidden,,,\r\ncam,r2,Bag,,1,8\r\n");
    Path file = Files.writeString(folder.resolve("rows.csv"), csv);
    Ended ended = label("--file", file.toString(), "--by", "dora");
    assertThat(ended.code()).isEqualTo(1);
    assertThat(ended.out().lines())
        .containsExactly(
            "line 1202: cam/gone: not found: the image is not among the recent ones",
            "line 1203: cam/r,1: refused (FORBIDDEN): this class\\u001b[2J is not taken",
            "of 1203 labels: 1201 taught, 1 not found, 1 refused");
    assertThat(without(ended.err())).contains("--look-up takes them from their predictions");
    List<Seen> rows =
        service.seen().stream().filter(one -> one.label().getImageId().startsWith("row")).toList();
    assertThat(rows).hasSize(1200);
    assertThat(rows)
        .allSatisfy(
            one -> {
              assertThat(one.partition()).isEqualTo(partition(one.key()));
              assertThat(one.label().getKind()).isEqualTo(LabelKind.TRUTH);
              assertThat(one.label().getLabelledBy()).isEqualTo("carl");
            });
    assertThat(of("r2").get(0).partition()).isEqualTo(1);
    assertThat(of("r2").get(0).label().getLabelledBy()).isEqualTo("dora");

    Ended found = label("--file", file.toString(), "--look-up", "--wait-seconds", "20");
    assertThat(found.out())
        .startsWith("2 of 1203 images have partition and offset now\n")
        .contains("of 1203 labels: 1202 taught, 1 refused");
  }

  @Test
  void ofAFileWithABadLineNothingIsSent() throws Exception {
    Path file =
        Files.writeString(
            folder.resolve("bad.csv"), "source,imageId,label\ns,never,Bag\ns,,Bag\ns,never\n");
    Ended ended = label("--file", file.toString());
    assertThat(ended.code()).isEqualTo(1);
    assertThat(ended.out()).isEmpty();
    assertThat(ended.err().lines())
        .satisfiesExactly(
            line -> assertThat(line).startsWith("cnn2gnn: line 3: the id must have"),
            line -> assertThat(line).isEqualTo("cnn2gnn: line 4: it has 2 fields, the header 3"),
            line -> assertThat(line).contains("bad.csv: 2 faults above, and nothing was sent"));
    assertThat(of("never")).isEmpty();
    label("--file", Files.writeString(file, "source,imageId,label\n").toString())
        .refuses("bad.csv has no label");
  }

  @Test
  void aServiceThatSaysNothingOfAFileIsNamedOnce() throws Exception {
    Path file =
        Files.writeString(
            folder.resolve("silent.csv"), "source,imageId,label\ns,heard,Bag\ns,silent,Bag\n");
    Ended ended = label("--file", file.toString(), "--wait-seconds", "3");
    assertThat(ended.code()).isEqualTo(1);
    assertThat(ended.out()).isEqualTo("of 2 labels: 1 taught, 1 without an outcome\n");
    assertThat(without(ended.err()).lines())
        .singleElement()
        .asString()
        .contains("1 without an outcome; none came for 3 s: is the service running?");
  }

  @Test
  void anExportOfLabelStudioIsTaught() throws Exception {
    Path file =
        Files.writeString(
            folder.resolve("export.json"),
            """
            [{"id": 1, "data": {"camera": "cam", "key": "ls1"}, "annotations": [
               {"completed_by": {"email": "eve@example.org"}, "created_at": "2026-11-01T10:00:00Z",
                "result": [{"type": "choices", "value": {"choices": ["Bag"]}}]}]},
             {"id": 2, "data": {"camera": "cam", "key": "ls2"}, "annotations": []}]
            """);
    Ended ended =
        label("--label-studio", file.toString(), "--source-field", "camera", "--id-field", "key");
    assertThat(ended.code()).as(ended.err()).isZero();
    assertThat(ended.out())
        .isEqualTo("of 1 labels: 1 taught\ntasks that nobody has annotated: 1\n");
    Label label = of("ls1").get(0).label();
    assertThat(label.getLabelledBy()).isEqualTo("eve@example.org");
    assertThat(label.getLabelledAt()).isEqualTo(Instant.parse("2026-11-01T10:00:00Z"));
    assertThat(label.getKind()).isEqualTo(LabelKind.TRUTH);
  }

  @Test
  void allThatOneOfThemSaidIsTakenBackWhereItIs() {
    label("cam", "m1", "Bag", "--by", "mallory", "--partition", "1", "--offset", "3");
    label("cam", "m2", "Bag", "--by", "mallory");
    label("cam", "m2", "Coat", "--by", "mallory");
    label("cam", "m3", "Bag", "--by", "mallory");
    label("cam", "m3", "Coat", "--by", "nina");
    label("cam", "gone", "Coat", "--by", "mallory");
    Ended dry = label("--retract-all-by", "mallory", "--dry-run");
    assertThat(dry.code()).as(dry.err()).isZero();
    assertThat(dry.out().lines())
        .containsExactlyInAnyOrder(
            "cam/m1: Bag",
            "cam/m2: Coat",
            "cam/gone: Coat",
            "labels of mallory in force, which would be taken back: 3");
    assertThat(of("m1")).hasSize(1);

    Ended done = label("--retract-all-by", "mallory");
    assertThat(done.code()).as(done.err()).isZero();
    assertThat(done.out().lines())
        .containsExactly(
            "labels of mallory in force: 3",
            "cam/gone: not found: nothing to take back",
            "of 3 labels: 2 taken back, 1 not found");
    assertThat(of("m1").get(1).partition()).isEqualTo(1);
    assertThat(of("m2").get(2).partition()).isEqualTo(partition("cam"));
    assertThat(of("m1").get(1).label().getLabel()).isNull();
    assertThat(of("m1").get(1).label().getImage()).isEqualTo(new LabelledImage("images", 1, 3L));
    assertThat(of("m3")).hasSize(2);
    assertThat(label("--retract-all-by", "mallory").out())
        .isEqualTo("labels of mallory in force: 0\n");
  }

  @Test
  void topicsThatAreNotThereAreNamed() {
    label("cam", "x", "Bag", "--labels-topic", "absent").refuses("has no topic absent");
    label("cam", "x", "Bag", "--outcomes-topic", "absent").refuses("has no topic absent");
    label("cam", "x", "Bag", "--look-up", "--predictions-topic", "absent")
        .refuses("has no topic absent");
    label("--retract-all-by", "x", "--labels-topic", "absent").refuses("has no topic absent");
  }
}
