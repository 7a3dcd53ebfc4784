package io.cnn2gnn.page;

import static org.assertj.core.api.Assertions.assertThat;

import io.cnn2gnn.page.PageConfig.Operators;
import io.cnn2gnn.page.PageConfig.Topics;
import io.cnn2gnn.page.PageConfig.Writers;
import io.cnn2gnn.schemas.WireReader;
import io.cnn2gnn.schemas.WireWriter;
import io.cnn2gnn.schemas.avro.Label;
import io.confluent.kafka.schemaregistry.client.MockSchemaRegistryClient;
import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.Cluster;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the page answers, and the labels that it writes. */
class AnswersTest {
  private static final String HIDDEN = "fire\u200dman";
  private static final String SHOWN = "fire\\u200dman";

  private final SchemaRegistryClient registry = new MockSchemaRegistryClient();
  private final MockProducer<byte[], byte[]> producer =
      new MockProducer<>(
          new Cluster(
              "c",
              List.of(new Node(0, "h", 1)),
              List.of(new PartitionInfo("labels", 0, new Node(0, "h", 1), null, null)),
              Set.of(),
              Set.of()),
          true,
          null,
          new ByteArraySerializer(),
          new ByteArraySerializer());
  private final Gallery gallery = new Gallery();
  private Answers answers;

  @BeforeEach
  void open() throws PageException {
    Labeller labeller =
        new Labeller(
            "labels",
            () -> new WireWriter<>(registry, "labels", Label.class, true),
            () -> producer);
    Gate gate =
        new Gate(
            new PageConfig(
                Map.of(),
                new Topics("i", "p", "d", "l", "o", "m", "e"),
                "app",
                Optional.empty(),
                "127.0.0.1",
                0,
                Set.of(),
                Writers.OF_LOOPBACK,
                Operators.OF_LOOPBACK));
    answers = new Answers(gallery, Prototypes.NONE, labeller, gate);
  }

  private String label(String body, Optional<String> user) throws Exception {
    return new String(answers.label(body, user).body(), StandardCharsets.UTF_8);
  }

  private Label written() throws Exception {
    WireReader<Label> reader = new WireReader<>(registry, "labels", Label.class);
    ProducerRecord<?, byte[]> last = producer.history().get(producer.history().size() - 1);
    return reader.read(last.headers(), last.value());
  }

  @Test
  void aClassThatHidesCharactersIsShownWithEscapesAndLabelledByItsName() throws Exception {
    gallery.add(GalleryTest.answer(1, "a", "cam", HIDDEN, HIDDEN));
    String card =
        new String(answers.answers(Map.of("label", HIDDEN)).body(), StandardCharsets.UTF_8);
    assertThat(card)
        .contains("\"label\":\"" + SHOWN.replace("\\", "\\\\") + "\"")
        .contains("\"rawLabel\":\"" + HIDDEN + "\"");

    label("{\"at\":[\"images/0/1\"],\"label\":\"" + HIDDEN + "\"}", Optional.empty());
    assertThat(written().getLabel()).isEqualTo(HIDDEN);
  }

  @Test
  void aNameIsNotTakenForAnotherOneThatLooksLikeItsEscapes() {
    gallery.add(GalleryTest.answer(1, "a", "c\u200bam", HIDDEN, HIDDEN));
    gallery.add(GalleryTest.answer(2, "b", "c\\u200bam", SHOWN, SHOWN));
    assertThat(numbers(Map.of("label", HIDDEN))).containsExactly(1L);
    assertThat(numbers(Map.of("label", SHOWN))).containsExactly(2L);
    assertThat(numbers(Map.of("source", "c\u200bam"))).containsExactly(1L);
    assertThat(numbers(Map.of("source", "c\\u200bam"))).containsExactly(2L);
  }

  private List<Long> numbers(Map<String, String> query) {
    return gallery.latest(Answers.kind(query), 10).stream().map(Shown::number).toList();
  }

  @Test
  void whoLabelsIsTheProxysUserOrWhoeverTheBrowserSaysOrThePage() throws Exception {
    gallery.add(GalleryTest.answer(1, "a", "cam", "cat", "cat"));
    String named = "{\"at\":[\"images/0/1\"],\"label\":\"dog\",\"by\":\"bob\"}";
    label(named, Optional.empty());
    assertThat(written().getLabelledBy()).isEqualTo("bob");
    label(named, Optional.of("ann"));
    assertThat(written().getLabelledBy()).isEqualTo("ann");
    label(named.replace("bob", " "), Optional.empty());
    assertThat(written().getLabelledBy()).isEqualTo("page");
    int before = producer.history().size();
    assertThat(label(named.replace("bob", "b\u202eob"), Optional.empty()))
        .contains("labelledBy must have 1 to 512 characters, none of them hidden ones");
    assertThat(producer.history()).hasSize(before);
  }

  @Test
  void imagesThatAreGoneAreCountedAndNotListed() throws Exception {
    gallery.add(GalleryTest.answer(1, "a", "cam", "cat", "cat"));
    assertThat(
            label(
                "{\"at\":[\"images/0/1\",\"images/0/8\",\"images/0/9\"],\"label\":\"dog\"}",
                Optional.empty()))
        .contains("\"at\":[\"images/0/1\"],\"gone\":2,\"problems\":[]");
    assertThat(label("{\"at\":[\"images/0/8\"],\"label\":\"dog\"}", Optional.empty()))
        .contains("1 of 1 are no longer among the last images");
  }

  @Test
  void aNumberThatIsNoneBreaksNoAnswer() {
    Shown odd = GalleryTest.answer(1, "a", "cam", "cat", "cat");
    odd.prediction().getScores().get(0).setScore(Float.NaN);
    odd.prediction().getNeighbours().get(0).setEvidence(Float.POSITIVE_INFINITY);
    gallery.add(odd);
    Reply detail = answers.answer(Map.of("at", "images/0/1"));
    assertThat(new String(detail.body(), StandardCharsets.UTF_8))
        .contains("\"score\":0}")
        .doesNotContain("NaN", "Infinity");
  }
}
