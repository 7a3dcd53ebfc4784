package io.cnn2gnn.page;

import static org.assertj.core.api.Assertions.assertThat;

import io.cnn2gnn.schemas.avro.AnswerSource;
import io.cnn2gnn.schemas.avro.AnswerWithout;
import io.cnn2gnn.schemas.avro.ImageCoordinates;
import io.cnn2gnn.schemas.avro.ModelEvent;
import io.cnn2gnn.schemas.avro.ModelEventKind;
import io.cnn2gnn.schemas.avro.Neighbour;
import io.cnn2gnn.schemas.avro.NeighbourOrigin;
import io.cnn2gnn.schemas.avro.NeighbourTier;
import io.cnn2gnn.schemas.avro.Prediction;
import io.cnn2gnn.schemas.avro.Score;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class GalleryTest {
  private final Gallery gallery = new Gallery();

  static Shown answer(int number, String id, String source, String label, String alone) {
    Prediction prediction =
        Prediction.newBuilder()
            .setImageId(id)
            .setLabel(label)
            .setConfidence(0.75f)
            .setScores(List.of(new Score(label, 0.75f), new Score("other", 0.25f)))
            .setModelVersion("m:1")
            .setSpace("s")
            .setBatchId("b")
            .setBatchSize(2)
            .setBankEpoch(0)
            .setNeighbours(
                List.of(
                    neighbour("near", NeighbourTier.RECENT, 0.5f),
                    neighbour("shipped", NeighbourTier.PROTOTYPE, -0.2f)))
            .setCapturedAt(Instant.EPOCH)
            .setPredictedAt(Instant.EPOCH)
            .setImage(new ImageCoordinates("images", 0, (long) number))
            .setDecidedBy(AnswerSource.STUDENT)
            .setAlone(new Score(alone, 0.6f))
            .setWithout(List.of(new AnswerWithout(NeighbourTier.RECENT, new Score("other", 0.55f))))
            .build();
    return new Shown(number, Optional.of(source.getBytes(StandardCharsets.UTF_8)), prediction);
  }

  private static Neighbour neighbour(String id, NeighbourTier tier, float evidence) {
    NeighbourOrigin origin =
        tier == NeighbourTier.PROTOTYPE ? NeighbourOrigin.PROTOTYPE : NeighbourOrigin.BANK;
    return new Neighbour(id, 0.4f, "cat", origin, tier, 0.9f, evidence);
  }

  @Test
  void keepsTheLastAnswersAndForgetsTheOldestEverywhere() {
    for (int i = 0; i < Gallery.MOST_ANSWERS + 10; i++) {
      gallery.add(answer(i, "image-" + i, "cam", "cat", "cat"));
    }
    assertThat(gallery.latest(a -> true, 3))
        .extracting(Shown::number)
        .containsExactly(5_009L, 5_008L, 5_007L);
    assertThat(gallery.latest(a -> true, Integer.MAX_VALUE)).hasSize(Gallery.MOST_ANSWERS);
    assertThat(gallery.at(new Place("images", 0, 9))).isEmpty();
    assertThat(gallery.ofImage("image-9")).isEmpty();
    assertThat(gallery.at(new Place("images", 0, 10))).isPresent();
    assertThat(gallery.ofImage("image-10")).isPresent();
  }

  @Test
  void longKeysAreBoundedByTheirBytes() {
    String key = "k".repeat(1 << 20);
    for (int i = 0; i < 40; i++) {
      gallery.add(answer(i, "image-" + i, key, "cat", "cat"));
    }
    assertThat(gallery.latest(a -> true, 100)).hasSize(16);
    assertThat(Views.Card.of(gallery.latest(a -> true, 1).get(0)).source()).hasSize(200);
  }

  @Test
  void newsAreToldOnce() {
    gallery.add(answer(1, "a", "cam", "cat", "cat"));
    gallery.add(new Refused(2, "cam", "b", "R", "m", Optional.empty()));
    gallery.add(answer(3, "c", "cam", "cat", "cat"));
    ModelEvent event =
        ModelEvent.newBuilder()
            .setName("signs")
            .setVersion("2")
            .setInstance("one")
            .setKind(ModelEventKind.ACTIVATED)
            .setMessage("by hand")
            .setAt(Instant.parse("2026-11-30T00:00:00Z"))
            .build();
    gallery.add(new ModelNews(4, event));
    Gallery.News news = gallery.since(0, 10);
    assertThat(news.answers()).hasSize(2);
    assertThat(news.refused()).hasSize(1);
    assertThat(news.models()).extracting(ModelNews::event).containsExactly(event);
    assertThat(Views.Model.of(news.models().get(0)))
        .isEqualTo(new Views.Model(4, "signs:2", "activated", "by hand", "2026-11-30T00:00:00Z"));
    assertThat(news.last()).isEqualTo(4);
    assertThat(gallery.since(4, 10))
        .isEqualTo(new Gallery.News(List.of(), List.of(), List.of(), 4));
    assertThat(gallery.since(0, 1).answers()).extracting(Shown::number).containsExactly(3L);
  }

  @Test
  void anImageThatCameAgainIsItsNewestOne() {
    gallery.add(answer(1, "same", "cam", "cat", "cat"));
    gallery.add(answer(2, "same", "cam", "dog", "dog"));
    assertThat(gallery.ofImage("same").orElseThrow().number()).isEqualTo(2);
    assertThat(gallery.classes()).containsExactly("cat", "dog");
  }

  @Test
  void filtersBySourceClassConfidenceAndChange() {
    gallery.add(answer(1, "a", "door", "cat", "cat"));
    gallery.add(answer(2, "b", "door", "dog", "cat"));
    gallery.add(answer(3, "c", "roof", "dog", "dog"));
    assertThat(numbers(Map.of("source", "door"))).containsExactly(2L, 1L);
    assertThat(numbers(Map.of("label", "dog"))).containsExactly(3L, 2L);
    assertThat(numbers(Map.of("changed", "1"))).containsExactly(2L);
    assertThat(numbers(Map.of("below", "0.7"))).isEmpty();
    assertThat(numbers(Map.of("below", "nonsense"))).hasSize(3);
  }

  private List<Long> numbers(Map<String, String> query) {
    return gallery.latest(Answers.kind(query), 10).stream().map(Shown::number).toList();
  }

  @Test
  void aDetailPointsAtTheNeighboursThatCanBeLookedAt() {
    gallery.add(answer(7, "near", "cam", "cat", "cat"));
    Shown asked = answer(8, "asked\u202e", "cam", "cat", "dog");
    Views.Detail detail = Views.Detail.of(asked, gallery, Map.of("shipped", 3));
    assertThat(detail.card().image()).isEqualTo("asked\\u202e");
    assertThat(detail.card().alone()).contains("dog");
    assertThat(detail.neighbours().get(0).place()).isEqualTo("images/0/7");
    assertThat(detail.neighbours().get(0).evidence()).contains(0.5f);
    assertThat(detail.neighbours().get(1).prototype()).contains(3);
    assertThat(detail.neighbours().get(1).place()).isEmpty();
    assertThat(detail.tiers()).extracting(Tiers.Tier::tier).containsExactly("recent", "prototype");
    assertThat(detail.tiers().get(0).evidence().orElseThrow()).isEqualTo(0.5);
    assertThat(detail.tiers().get(0).without())
        .contains(new Views.Chance("other", Optional.empty(), 0.55f));
    assertThat(detail.tiers().get(1).without()).as("of a service of before").isEmpty();
    assertThat(Json.GSON.toJson(detail))
        .contains("\"tier\":\"prototype\"")
        .contains("\"image\":\"asked\\\\u202e\"");
  }

  /** Their weights are shares of two different wholes. */
  @Test
  void withoutEvidenceLabelledImagesComeBeforeNeighboursThatWeighMore() {
    Neighbour labelled =
        new Neighbour("l", 0.3f, "cat", NeighbourOrigin.BANK, NeighbourTier.LABELLED, 0.9f, null);
    Neighbour shipped =
        new Neighbour(
            "p", 0.8f, "cat", NeighbourOrigin.PROTOTYPE, NeighbourTier.PROTOTYPE, null, null);
    Prediction of =
        Prediction.newBuilder(answer(1, "a", "cam", "cat", "cat").prediction())
            .setNeighbours(List.of(shipped, labelled))
            .build();
    assertThat(Tiers.of(of)).extracting(Tiers.Tier::tier).containsExactly("labelled", "prototype");
  }

  @Test
  void aPlaceIsReadAsItIsWritten() {
    Place place = new Place("my.images-1", 3, 123_456_789_012L);
    assertThat(Place.parse(place.toString())).contains(place);
    for (String text :
        new String[] {"", "a/1", "a/1/2/3", "../../etc/1/2", "a/-1/2", "a/1/x", "a b/1/2"}) {
      assertThat(Place.parse(text)).as(text).isEmpty();
    }
  }

  @Test
  void aTallyForgetsWhatIsTenSecondsOld() {
    long[] now = {1_000};
    Tally tally = new Tally(() -> now[0]);
    for (int i = 0; i < 100; i++) {
      tally.answered(Duration.ofMillis(i));
    }
    tally.refused();
    now[0] += 4_000;
    Tally.Figures figures = tally.figures();
    assertThat(figures.perSecond()).isEqualTo(20);
    assertThat(figures.medianMillis()).isEqualTo(49.5);
    assertThat(figures.refusedShare()).isBetween(0.009, 0.011);
    now[0] += 6_000;
    assertThat(tally.figures()).isEqualTo(new Tally.Figures(0, 0, 0, 0));
    // A sender's clock may say anything.
    tally.answered(Duration.ofDays(365_000_000));
    tally.answered(Duration.ofSeconds(-5));
    assertThat(tally.figures().p99Millis()).isBetween(8.5e7, 8.64e7);
  }
}
