package io.cnn2gnn.cli.consume;

import static org.assertj.core.api.Assertions.assertThat;

import io.cnn2gnn.schemas.avro.AnswerSource;
import io.cnn2gnn.schemas.avro.Neighbour;
import io.cnn2gnn.schemas.avro.NeighbourOrigin;
import io.cnn2gnn.schemas.avro.NeighbourTier;
import io.cnn2gnn.schemas.avro.Prediction;
import io.cnn2gnn.schemas.avro.Score;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConsumeCommandTest {
  private static String line(AnswerSource decidedBy, NeighbourTier tier) {
    return ConsumeCommand.line(prediction(decidedBy, tier));
  }

  private static Prediction prediction(AnswerSource decidedBy, NeighbourTier tier) {
    return Prediction.newBuilder()
        .setImageId("i")
        .setLabel("Bag")
        .setConfidence(1)
        .setScores(List.of())
        .setModelVersion("m:1")
        .setSpace("s")
        .setBatchId("b")
        .setBatchSize(1)
        .setBankEpoch(0)
        .setNeighbours(
            List.of(new Neighbour("n", 1f, "Bag", NeighbourOrigin.BANK, tier, null, null)))
        .setCapturedAt(Instant.EPOCH)
        .setPredictedAt(Instant.EPOCH)
        .setDecidedBy(decidedBy)
        .setWithout(List.of())
        .build();
  }

  @Test
  void anAnswerOfTheModelSaysNothingOfWhoDecided() {
    assertThat(line(AnswerSource.STUDENT, NeighbourTier.RECENT))
        .endsWith("m:1  because of n (Bag, recent, 100 %)");
  }

  @Test
  void anAnswerBySomebodysLabelSaysSo() {
    assertThat(line(AnswerSource.TWIN, NeighbourTier.LABELLED))
        .endsWith("m:1  decided by twin  because of n (Bag, labelled, 100 %)");
  }

  @Test
  void aNeighbourWithoutATierHasItsOrigin() {
    assertThat(line(AnswerSource.LABEL, NeighbourTier.OTHER))
        .endsWith("decided by label  because of n (Bag, bank, 100 %)");
  }

  @Test
  void anAnswerThatNeighboursChangedSaysWhatItWasWithoutThemAndWhoSpokeForIt() {
    Prediction changed = prediction(AnswerSource.STUDENT, NeighbourTier.RECENT);
    changed.setNeighbours(
        List.of(
            new Neighbour("a", 0.5f, "Coat", NeighbourOrigin.BANK, NeighbourTier.RECENT, 0.9f, -2f),
            new Neighbour(
                "b", 0.5f, "Bag", NeighbourOrigin.BATCH, NeighbourTier.BATCH, 0.9f, 1.26f)));
    changed.setAlone(new Score("Coat", 0.6f));
    assertThat(ConsumeCommand.line(changed))
        .endsWith("m:1  instead of Coat  because of b (Bag, batch, +1.3)");
  }
}
