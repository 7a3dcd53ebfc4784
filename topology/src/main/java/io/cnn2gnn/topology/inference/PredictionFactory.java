package io.cnn2gnn.topology.inference;

import io.cnn2gnn.model.bundle.ModelCard;
import io.cnn2gnn.model.inference.Answer;
import io.cnn2gnn.schemas.avro.AnswerSource;
import io.cnn2gnn.schemas.avro.ImageCoordinates;
import io.cnn2gnn.schemas.avro.Neighbour;
import io.cnn2gnn.schemas.avro.NeighbourOrigin;
import io.cnn2gnn.schemas.avro.NeighbourTier;
import io.cnn2gnn.schemas.avro.Prediction;
import io.cnn2gnn.schemas.avro.Score;
import io.cnn2gnn.topology.batching.Batch;
import io.cnn2gnn.topology.flow.Outcome.Predicted;
import io.cnn2gnn.topology.flow.Source;
import java.time.Instant;
import java.util.List;

/** The model's answers in the words of the prediction schema. */
final class PredictionFactory {
  private final int topK;

  PredictionFactory(int topK) {
    this.topK = topK;
  }

  Prediction of(Predicted predicted, Batch batch, long bankEpoch, Instant now) {
    ModelCard card = batch.model().card();
    Answer answer = predicted.answer();
    Source source = predicted.image().source();
    List<Score> scores =
        answer.scores().stream()
            .limit(topK)
            .map(s -> new Score(s.label(), s.probability()))
            .toList();
    List<Neighbour> neighbours =
        answer.neighbours().stream().map(PredictionFactory::neighbour).toList();
    return Prediction.newBuilder()
        .setImageId(predicted.image().query().id())
        .setLabel(answer.label())
        .setConfidence(answer.confidence())
        .setScores(scores)
        .setModelVersion(card.id())
        .setSpace(card.space())
        .setBatchId(batch.id())
        .setBatchSize(batch.images().size())
        .setBankEpoch(bankEpoch)
        .setNeighbours(neighbours)
        .setCapturedAt(predicted.image().capturedAt())
        .setPredictedAt(now)
        .setLabelledEpoch(answer.labels().epoch())
        .setDecidedBy(AnswerSource.valueOf(answer.labels().decidedBy().name()))
        .setAlone(
            new Score(answer.labels().without().label(), answer.labels().without().probability()))
        .setImage(new ImageCoordinates(source.topic(), source.partition(), source.offset()))
        .build();
  }

  private static Neighbour neighbour(Answer.Neighbour n) {
    return switch (n.origin()) {
      case BATCH -> neighbour(n, NeighbourOrigin.BATCH, NeighbourTier.BATCH);
      case BANK -> neighbour(n, NeighbourOrigin.BANK, NeighbourTier.RECENT);
      // Old readers know no other origin of what is neither of the batch nor of the bundle.
      case LABELLED -> neighbour(n, NeighbourOrigin.BANK, NeighbourTier.LABELLED);
      case PROTOTYPE -> neighbour(n, NeighbourOrigin.PROTOTYPE, NeighbourTier.PROTOTYPE);
    };
  }

  private static Neighbour neighbour(
      Answer.Neighbour n, NeighbourOrigin origin, NeighbourTier tier) {
    Neighbour.Builder neighbour =
        Neighbour.newBuilder()
            .setImageId(n.imageId())
            .setWeight(n.weight())
            .setLabel(n.label())
            .setOrigin(origin)
            .setTier(tier);
    n.reliability().ifPresent(r -> neighbour.setReliability((float) r));
    n.evidence().ifPresent(e -> neighbour.setEvidence((float) e));
    return neighbour.build();
  }
}
