package io.cnn2gnn.page.map;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.cnn2gnn.page.map.ImageGraph.Edge;
import io.cnn2gnn.schemas.avro.Neighbour;
import io.cnn2gnn.schemas.avro.NeighbourOrigin;
import io.cnn2gnn.schemas.avro.NeighbourTier;
import io.cnn2gnn.schemas.avro.Prediction;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** From answers to places and clusters. */
class MapTest {
  static Prediction answer(String id, Neighbour... neighbours) {
    return Prediction.newBuilder()
        .setImageId(id)
        .setLabel("cat")
        .setConfidence(0.9f)
        .setScores(List.of())
        .setModelVersion("m:1")
        .setSpace("s")
        .setBatchId("b")
        .setBatchSize(1)
        .setBankEpoch(0)
        .setNeighbours(List.of(neighbours))
        .setCapturedAt(Instant.EPOCH)
        .setPredictedAt(Instant.EPOCH)
        .build();
  }

  static Neighbour near(String id, NeighbourTier tier, float reliability) {
    return new Neighbour(
        id,
        0.1f,
        "cat",
        tier == NeighbourTier.PROTOTYPE ? NeighbourOrigin.PROTOTYPE : NeighbourOrigin.BANK,
        tier,
        reliability,
        0f);
  }

  @Test
  void imagesThatNameEachOtherOrTheSameOneBelongTogether() {
    ImageGraph graph =
        ImageGraph.of(
            List.of(
                answer("a", near("b", NeighbourTier.RECENT, 0.5f)),
                answer("b", near("a", NeighbourTier.RECENT, 0.8f)),
                answer("c", near("gone", NeighbourTier.RECENT, 0.6f)),
                answer(
                    "d",
                    near("gone", NeighbourTier.RECENT, 0.7f),
                    near("alone", NeighbourTier.RECENT, 0.9f),
                    near("a", NeighbourTier.RECENT, 0.01f))));
    assertThat(graph.images()).isEqualTo(4);
    assertThat(graph.nodes()).as("with the one that two of them share").isEqualTo(5);
    assertThat(graph.edges()).hasSize(3);
    assertThat(graph.edges().get(0).strength()).isEqualTo(0.9, within(1e-6));
    assertThat(graph.edges().subList(1, 3)).extracting(Edge::to).containsExactly(4, 4);
  }

  @Test
  void whatIsLikeAPrototypeOrALabelledImageIsKnown() {
    ImageGraph graph =
        ImageGraph.of(
            List.of(
                answer("a", near("p", NeighbourTier.PROTOTYPE, 0.9f)),
                answer("b", near("l", NeighbourTier.LABELLED, 0.7f)),
                answer("c", near("a", NeighbourTier.RECENT, 0.9f)),
                answer("d")));
    assertThat(graph.known()).hasSize(4);
    assertThat(graph.known().get(0)).isEqualTo(0.9, within(1e-6));
    assertThat(graph.known().get(1)).isEqualTo(0.7, within(1e-6));
    assertThat(graph.known().subList(2, 4)).containsExactly(0.0, 0.0);
  }

  /** So many groups of so many images, each near some others of its group. */
  static ImageGraph groups(int groups, int size) {
    Random random = new Random(7);
    List<Prediction> answers = new ArrayList<>();
    for (int g = 0; g < groups; g++) {
      for (int i = 0; i < size; i++) {
        Neighbour[] near = new Neighbour[8];
        for (int k = 0; k < near.length; k++) {
          near[k] =
              near(
                  g + "/" + random.nextInt(size),
                  NeighbourTier.RECENT,
                  0.5f + random.nextFloat() / 2);
        }
        answers.add(answer(g + "/" + i, near));
      }
    }
    return ImageGraph.of(answers);
  }

  @Test
  void groupsLieApartAndAreFoundAsClusters() {
    Layout layout = Layout.of(groups(5, 60));
    int[] cluster = Clusters.of(layout.x(), layout.y());
    for (int g = 0; g < 5; g++) {
      int[] of = Arrays.copyOfRange(cluster, 60 * g, 60 * (g + 1));
      assertThat(Arrays.stream(of).distinct().toArray()).as("group " + g).hasSize(1);
    }
    assertThat(Arrays.stream(cluster).distinct().toArray()).hasSize(5).doesNotContain(-1);
    assertThat(Arrays.stream(layout.x()).allMatch(x -> x >= 0 && x <= 1)).isTrue();
    assertThat(Arrays.stream(layout.y()).allMatch(y -> y >= 0 && y <= 1)).isTrue();
  }

  @Test
  void theSameGraphHasTheSamePlaces() {
    Layout once = Layout.of(groups(3, 20));
    Layout again = Layout.of(groups(3, 20));
    assertThat(once.x()).isEqualTo(again.x());
    assertThat(once.y()).isEqualTo(again.y());
  }

  @Test
  void whatHasNoNeighboursHasAPlaceToo() {
    Layout none = Layout.of(ImageGraph.of(List.of()));
    assertThat(none.x()).isEmpty();
    Layout one = Layout.of(ImageGraph.of(List.of(answer("a"))));
    assertThat(one.x()[0]).isBetween(0.0, 1.0);
    Layout apart = Layout.of(ImageGraph.of(List.of(answer("a"), answer("b"), answer("c"))));
    assertThat(apart.x()).doesNotContain(Double.NaN);
    assertThat(Clusters.of(apart.x(), apart.y())).containsOnly(Clusters.NONE);
  }
}
