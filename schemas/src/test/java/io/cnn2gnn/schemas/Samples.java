package io.cnn2gnn.schemas;

import io.cnn2gnn.schemas.avro.BundleReference;
import io.cnn2gnn.schemas.avro.Image;
import io.cnn2gnn.schemas.avro.ImageFormat;
import io.cnn2gnn.schemas.avro.ImageReference;
import io.cnn2gnn.schemas.avro.InlineImage;
import io.cnn2gnn.schemas.avro.ModelRelease;
import io.cnn2gnn.schemas.avro.Neighbour;
import io.cnn2gnn.schemas.avro.NeighbourOrigin;
import io.cnn2gnn.schemas.avro.NeighbourTier;
import io.cnn2gnn.schemas.avro.Prediction;
import io.cnn2gnn.schemas.avro.ReleaseState;
import io.cnn2gnn.schemas.avro.Score;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** One valid record of each kind. */
final class Samples {
  private static final Instant NOW = Instant.parse("2026-11-23T07:15:00.123456Z");

  private Samples() {}

  static Image image() {
    return Image.newBuilder()
        .setId("camera-7/42")
        .setCapturedAt(NOW)
        .setContent(
            InlineImage.newBuilder()
                .setFormat(ImageFormat.GRAY8)
                .setWidth(2)
                .setHeight(2)
                .setBytes(ByteBuffer.wrap(new byte[] {0, 127, -128, -1}))
                .build())
        .setLabel("boot")
        .setAttributes(Map.of("lens", "wide", "lux", "12"))
        .build();
  }

  static Image referencedImage() {
    return Image.newBuilder(image())
        .setContent(new ImageReference("https://images.example/1.png", "ab".repeat(32), 1234L))
        .setLabel(null)
        .build();
  }

  static Prediction prediction() {
    return Prediction.newBuilder()
        .setImageId("camera-7/42")
        .setLabel("boot")
        .setConfidence(0.9f)
        .setScores(List.of(new Score("boot", 0.9f), new Score("bag", 0.1f)))
        .setModelVersion("3")
        .setSpace("s1")
        .setBatchId("0-17")
        .setBatchSize(32)
        .setBankEpoch(4096L)
        .setNeighbours(
            List.of(
                new Neighbour(
                    "camera-7/41",
                    0.5f,
                    "boot",
                    NeighbourOrigin.BATCH,
                    NeighbourTier.BATCH,
                    null,
                    null),
                new Neighbour(
                    "p-3",
                    0.25f,
                    null,
                    NeighbourOrigin.PROTOTYPE,
                    NeighbourTier.PROTOTYPE,
                    null,
                    null)))
        .setCapturedAt(NOW)
        .setPredictedAt(NOW.plusMillis(40))
        .build();
  }

  static ModelRelease release() {
    return ModelRelease.newBuilder()
        .setName("fashion")
        .setVersion("3")
        .setSpace("s1")
        .setBundle(new BundleReference("file:///models/3.zip", "cd".repeat(32), 99L))
        .setState(ReleaseState.ACTIVE)
        .setMetrics(Map.of("accuracy", 0.93))
        .setCreatedAt(NOW)
        .build();
  }
}
