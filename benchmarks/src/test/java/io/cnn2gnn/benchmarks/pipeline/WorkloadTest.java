package io.cnn2gnn.benchmarks.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cnn2gnn.model.image.InputSpec;
import io.cnn2gnn.schemas.WireReader;
import io.cnn2gnn.schemas.WireWriter;
import io.cnn2gnn.schemas.avro.Image;
import io.cnn2gnn.schemas.avro.InlineImage;
import io.confluent.kafka.schemaregistry.client.MockSchemaRegistryClient;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import javax.imageio.ImageIO;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkloadTest {
  @TempDir private Path folder;

  private Path zip(int images) throws IOException {
    Path file = folder.resolve("images.zip");
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
      for (int i = 0; i < images; i++) {
        zip.putNextEntry(new ZipEntry("test/one/" + i + ".png"));
        ByteArrayOutputStream png = new ByteArrayOutputStream();
        BufferedImage image = new BufferedImage(28, 28, BufferedImage.TYPE_BYTE_GRAY);
        image.getRaster().setSample(i, i, 0, 255);
        ImageIO.write(image, "png", png);
        zip.write(png.toByteArray());
      }
      zip.putNextEntry(new ZipEntry("NOTICE"));
    }
    return file;
  }

  @Test
  void recordsAreEnlargedImagesUnderIdsOfTheirOwn() throws Exception {
    MockSchemaRegistryClient registry = new MockSchemaRegistryClient();
    WireWriter<Image> writer = new WireWriter<>(registry, "images", Image.class, true);
    WireReader<Image> reader = new WireReader<>(registry, "images", Image.class);
    Workload workload = Workload.of(zip(3), 2, 72, 1);
    Image first = reader.read(new RecordHeaders(), workload.record(writer, 0));
    Image again = reader.read(new RecordHeaders(), workload.record(writer, 2));
    assertThat(first.getId()).isEqualTo("image-0");
    assertThat(again.getId()).isEqualTo("image-2");
    byte[] png = new byte[((InlineImage) first.getContent()).getBytes().remaining()];
    ((InlineImage) first.getContent()).getBytes().duplicate().get(png);
    assertThat(ImageIO.read(new ByteArrayInputStream(png)).getWidth()).isEqualTo(72);
    assertThat(((InlineImage) again.getContent()).getBytes())
        .isEqualTo(((InlineImage) first.getContent()).getBytes());
  }

  @Test
  void aZipWithoutImagesIsRefusedByName() throws Exception {
    Path empty = zip(0);
    assertThatThrownBy(() -> Workload.of(empty, 2, 72, 1))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("images.zip holds no PNG files");
  }

  @Test
  void recordsOfTheAdapterHoldTheSamplesThatTheModelTakes() throws Exception {
    InputSpec input = new InputSpec(28, 28, 1, List.of(0.5f), List.of(0.5f));
    List<byte[]> json = Workload.json(input, Workload.of(zip(3), 2, 28, 1).samples(input));
    assertThat(json).hasSize(2);
    for (byte[] record : json) {
      List<List<Float>> points = JsonFormat.withOneMapper().read(record).points();
      assertThat(points).hasSize(1);
      assertThat(points.get(0)).hasSize(784).containsOnlyOnce(1f);
      assertThat(points.get(0).stream().filter(value -> value == 0f)).hasSize(783);
    }
  }
}
