package io.cnn2gnn.benchmarks.pieces;

import io.cnn2gnn.model.bundle.ModelCard;
import io.cnn2gnn.schemas.UnreadableRecordException;
import io.cnn2gnn.schemas.WireReader;
import io.cnn2gnn.schemas.WireWriter;
import io.cnn2gnn.schemas.avro.Image;
import io.cnn2gnn.schemas.avro.Neighbour;
import io.cnn2gnn.schemas.avro.NeighbourOrigin;
import io.cnn2gnn.schemas.avro.NeighbourTier;
import io.cnn2gnn.schemas.avro.Prediction;
import io.cnn2gnn.schemas.avro.Score;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Avro in the registry's wire format: an image of 3 KB, and a prediction with its neighbours. */
@State(Scope.Benchmark)
public class Wire {
  private static final int SCORES = 5;

  private WireReader<Image> imageReader;
  private WireWriter<Image> imageWriter;
  private WireReader<Prediction> predictionReader;
  private WireWriter<Prediction> predictionWriter;
  private static final Headers HEADERS = new RecordHeaders();

  private byte[] imageBytes;
  private Image image;
  private byte[] predictionBytes;
  private Prediction prediction;

  /** Makes an image and a prediction. */
  @Setup
  public void open() throws Exception {
    Material material = new Material();
    imageReader = new WireReader<>(material.registry(), "images", Image.class);
    imageWriter = material.writer();
    imageBytes = material.records().get(0);
    image = imageReader.read(HEADERS, imageBytes);
    predictionReader = new WireReader<>(material.registry(), "predictions", Prediction.class);
    predictionWriter = new WireWriter<>(material.registry(), "predictions", Prediction.class, true);
    prediction = prediction(material.bundle().card());
    predictionBytes = predictionWriter.write(prediction);
  }

  private static Prediction prediction(ModelCard card) {
    List<String> classes = card.classes();
    int neighbours = card.student().neighbours();
    return Prediction.newBuilder()
        .setImageId("image-0")
        .setLabel(classes.get(0))
        .setConfidence(1f / SCORES)
        .setScores(classes.stream().limit(SCORES).map(c -> new Score(c, 1f / SCORES)).toList())
        .setModelVersion(card.id())
        .setSpace(card.space())
        .setBatchId("images-0@0")
        .setBatchSize(64)
        .setBankEpoch(2048)
        .setNeighbours(
            IntStream.range(0, neighbours)
                .mapToObj(
                    i ->
                        new Neighbour(
                            "image-" + i,
                            1f / neighbours,
                            classes.get(0),
                            NeighbourOrigin.BANK,
                            NeighbourTier.RECENT,
                            null,
                            null))
                .toList())
        .setCapturedAt(Instant.EPOCH)
        .setPredictedAt(Instant.EPOCH)
        .build();
  }

  /** An image record, as the service reads it. */
  @Benchmark
  public Image readImage() throws UnreadableRecordException {
    return imageReader.read(HEADERS, imageBytes);
  }

  /** An image record, as its producer writes it. */
  @Benchmark
  public byte[] writeImage() {
    return imageWriter.write(image);
  }

  /** A prediction, as its consumer reads it. */
  @Benchmark
  public Prediction readPrediction() throws UnreadableRecordException {
    return predictionReader.read(HEADERS, predictionBytes);
  }

  /** A prediction, as the service writes it. */
  @Benchmark
  public byte[] writePrediction() {
    return predictionWriter.write(prediction);
  }
}
