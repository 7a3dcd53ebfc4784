package io.cnn2gnn.benchmarks.pieces;

import io.cnn2gnn.benchmarks.pipeline.Photo;
import io.cnn2gnn.model.image.InputSpec;
import io.cnn2gnn.schemas.WireWriter;
import io.cnn2gnn.schemas.avro.Image;
import io.cnn2gnn.schemas.avro.ImageFormat;
import io.cnn2gnn.schemas.avro.InlineImage;
import io.cnn2gnn.topology.decode.RecordDecoder;
import io.cnn2gnn.topology.flow.Source;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** A record's bytes to samples of the model's size: wire format, file, resizing. */
@State(Scope.Benchmark)
public class Decode {
  /** Files of a record. */
  public enum Kind {
    /** Grey, 72 x 72 pixels, about 3 KB. */
    PNG_3K,
    /** Colour, 640 x 480 pixels, about 100 KB. */
    JPEG_100K
  }

  private static final int JPEG_BYTES = 100 << 10;
  private static final int PHOTOS = 8;

  @Param public Kind kind;

  private RecordDecoder decoder;
  private InputSpec input;
  private List<Source> sources;
  private int next;

  /** Makes the records. */
  @Setup
  public void open() throws Exception {
    Material material = new Material();
    decoder = material.decoder();
    input = material.bundle().card().student().input();
    List<byte[]> records = kind == Kind.PNG_3K ? material.records() : photos(material.writer());
    sources = records.stream().map(Material::source).toList();
  }

  private static List<byte[]> photos(WireWriter<Image> writer) {
    return LongStream.range(0, PHOTOS)
        .mapToObj(
            seed ->
                writer.write(
                    Image.newBuilder()
                        .setId("image-" + seed)
                        .setCapturedAt(Instant.EPOCH)
                        .setContent(
                            InlineImage.newBuilder()
                                .setFormat(ImageFormat.JPEG)
                                .setWidth(0)
                                .setHeight(0)
                                .setBytes(ByteBuffer.wrap(Photo.jpeg(640, 480, JPEG_BYTES, seed)))
                                .build())
                        .setLabel(null)
                        .setAttributes(Map.of())
                        .build()))
        .toList();
  }

  /** One record. */
  @Benchmark
  public RecordDecoder.Decoding record() {
    next = (next + 1) % sources.size();
    return decoder.decode(sources.get(next), input);
  }

  /** Closes the decoder. */
  @TearDown
  public void close() {
    decoder.close();
  }
}
