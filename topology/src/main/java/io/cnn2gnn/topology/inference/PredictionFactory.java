package io.cnn2gnn.topology.inference;

import io.cnn2gnn.model.bundle.ModelCard;
import io.cnn2gnn.model.inference.Answer;
import io.cnn2gnn.schemas.avro.AnswerSource;
import io.cnn2gnn.schemas.avro.AnswerWithout;
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
        .setWithout(answer.without().stream().map(PredictionFactory::without).toList())
        .setImage(new ImageCoordinates(source.topic(), source.partition(), source.offset()))
        .build();
  }

  private static AnswerWithout without(Answer.Without without) {
    Answer.Score answer = without.answer();
    return new AnswerWithout(tier(without.tier()), new Score(answer.label(), answer.probability()));
  }

  private static NeighbourTier tier(Answer.Origin origin) {
    return switch (origin) {
      case BATCH -> NeighbourTier.BATCH;
      case BANK -> NeighbourTier.RECENT;
      case LABELLED -> NeighbourTier.LABELLED;
      case PROTOTYPE -> NeighbourTier.PROTOTYPE;
    };
  }

  private static NeighbourOrigin origin(Answer.Origin origin) {
    return switch (origin) {
      case BATCH -> NeighbourOrigin.BATCH;
      // Old readers know no other origin of what is neither of the batch nor of the bundle.
      case BANK, LABELLED -> NeighbourOrigin.BANK;
      case PROTOTYPE -> NeighbourOrigin.PROTOTYPE;
    };
  }

  private static Neighbour neighbour(Answer.Neighbour n) {
    Neighbour.Builder neighbour =
        Neighbour.newBuilder()
            .setImageId(n.imageId())
            .setWeight(n.weight())
            .setLabel(n.label())
            .setOrigin(origin(n.origin()))
            .setTier(tier(n.origin()));
    n.reliability().ifPresent(r -> neighbour.setReliability((float) r));
    n.evidence().ifPresent(e -> neighbour.setEvidence((float) e));
    return neighbour.build();
  }
}
