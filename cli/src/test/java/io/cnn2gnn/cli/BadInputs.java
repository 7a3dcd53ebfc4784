package io.cnn2gnn.cli;

import io.cnn2gnn.cli.kit.ImageFiles;
import io.cnn2gnn.cli.kit.ImageFiles.ImageFile;
import io.cnn2gnn.schemas.WireWriter;
import io.cnn2gnn.schemas.avro.BundleReference;
import io.cnn2gnn.schemas.avro.Image;
import io.cnn2gnn.schemas.avro.ImageFormat;
import io.cnn2gnn.schemas.avro.InlineImage;
import io.cnn2gnn.schemas.avro.ModelRelease;
import io.cnn2gnn.schemas.avro.ReleaseState;
import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** What cameras and strangers send by mistake, among what they should. */
final class BadInputs {
  private BadInputs() {}

  /** 64 values: 58 sample images and, spread among them, six that can never be one. */
  static List<byte[]> among64(SchemaRegistryClient registry) throws Exception {
    WireWriter<Image> writer = new WireWriter<>(registry, "bad-images", Image.class, true);
    List<ImageFile> files = ImageFiles.in(Shipped.SAMPLES).subList(0, 64);
    byte[] png = files.get(0).content().read();
    byte[] huge = png.clone();
    ByteBuffer.wrap(huge).putInt(16, 60_000).putInt(20, 60_000);
    List<byte[]> values = new ArrayList<>();
    for (ImageFile file : files) {
      values.add(writer.write(image(file.id(), file.content().read())));
    }
    values.set(5, writer.write(image("text", "plain text".getBytes(StandardCharsets.UTF_8))));
    values.set(13, writer.write(image("cut", Arrays.copyOf(png, png.length / 2))));
    values.set(22, new byte[0]);
    values.set(30, writer.write(image("bomb", huge)));
    values.set(41, new WireWriter<>(registry, "other", ModelRelease.class, true).write(release()));
    values.set(60, "no magic byte".getBytes(StandardCharsets.UTF_8));
    return values;
  }

  static String reason(ConsumerRecord<String, byte[]> letter) {
    return new String(
        letter.headers().lastHeader("cnn2gnn.reason").value(), StandardCharsets.UTF_8);
  }

  private static Image image(String id, byte[] bytes) {
    return Image.newBuilder()
        .setId(id)
        .setCapturedAt(Instant.EPOCH)
        .setContent(
            InlineImage.newBuilder()
                .setFormat(ImageFormat.PNG)
                .setBytes(ByteBuffer.wrap(bytes))
                .build())
        .build();
  }

  private static ModelRelease release() {
    return ModelRelease.newBuilder()
        .setName("other")
        .setVersion("1")
        .setSpace("none")
        .setBundle(BundleReference.newBuilder().setUri("file:x").setSha256("00").setSize(1).build())
        .setState(ReleaseState.CANDIDATE)
        .setMetrics(Map.of())
        .setCreatedAt(Instant.EPOCH)
        .build();
  }
}
