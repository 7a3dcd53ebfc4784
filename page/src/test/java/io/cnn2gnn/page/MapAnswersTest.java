package io.cnn2gnn.page;

import static org.assertj.core.api.Assertions.assertThat;

import io.cnn2gnn.schemas.avro.Neighbour;
import io.cnn2gnn.schemas.avro.NeighbourOrigin;
import io.cnn2gnn.schemas.avro.NeighbourTier;
import io.cnn2gnn.schemas.avro.Prediction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class MapAnswersTest {
  private static Shown answer(int number, String id, String label, Neighbour... neighbours) {
    Prediction like = GalleryTest.answer(number, id, "cam", label, label).prediction();
    return new Shown(
        number,
        Optional.of("cam".getBytes(StandardCharsets.UTF_8)),
        Prediction.newBuilder(like).setNeighbours(List.of(neighbours)).build());
  }

  private static Neighbour near(String id, NeighbourTier tier) {
    NeighbourOrigin origin =
        tier == NeighbourTier.PROTOTYPE ? NeighbourOrigin.PROTOTYPE : NeighbourOrigin.BANK;
    return new Neighbour(id, 0.2f, "cat", origin, tier, 0.9f, 0.1f);
  }

  /** Cats are near prototypes of cats; what is answered so without being one is near its like. */
  private static List<Shown> twoKinds() {
    List<Shown> answers = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      answers.add(
          answer(
              i,
              "cat-" + i,
              "cat",
              near("p-" + i % 3, NeighbourTier.PROTOTYPE),
              near("p-" + (i + 1) % 3, NeighbourTier.PROTOTYPE),
              near("cat-" + (i + 1) % 40, NeighbourTier.RECENT)));
      answers.add(
          answer(
              100 + i,
              "new-" + i,
              i % 4 == 0 ? "dog" : "cat",
              near("new-" + (i + 1) % 40, NeighbourTier.RECENT),
              near("new-" + (i + 7) % 40, NeighbourTier.RECENT),
              near("new-" + (i + 13) % 40, NeighbourTier.RECENT)));
    }
    return answers;
  }

  @Test
  void aKindThatNobodyHasLabelledIsAClusterOfItsOwn() {
    MapAnswers.Body body = MapAnswers.draw(twoKinds());
    assertThat(body.images()).isEqualTo(80);
    List<MapAnswers.Cluster> unknown =
        body.clusters().stream().filter(cluster -> cluster.known() < 0.5).toList();
    assertThat(unknown).hasSize(1);
    assertThat(unknown.get(0).images()).isBetween(36, 40);
    assertThat(unknown.get(0).known()).isZero();
    assertThat(unknown.get(0).classes())
        .extracting(MapAnswers.Share::label)
        .containsExactly("cat", "dog");
    assertThat(body.points().stream().filter(p -> p.place().equals(unknown.get(0).middle())))
        .allMatch(p -> p.known() == 0);
  }

  @Test
  void aMapOfOneSourceHasOnlyItsImagesAndEachOnce() {
    Gallery gallery = new Gallery();
    for (int i = 0; i < 30; i++) {
      gallery.add(GalleryTest.answer(i, "image-" + i % 10, i % 2 == 0 ? "a" : "b", "cat", "cat"));
    }
    MapAnswers map = new MapAnswers(gallery);
    String all = new String(map.map(Map.of()).body(), StandardCharsets.UTF_8);
    String one = new String(map.map(Map.of("source", "a")).body(), StandardCharsets.UTF_8);
    assertThat(all).startsWith("{\"images\":10,");
    assertThat(one).startsWith("{\"images\":5,");
  }
}
