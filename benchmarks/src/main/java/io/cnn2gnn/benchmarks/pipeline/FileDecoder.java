package io.cnn2gnn.benchmarks.pipeline;

import io.cnn2gnn.intake.ImageContent;
import io.cnn2gnn.intake.ImageRecord;
import io.cnn2gnn.intake.ImageRecords;
import io.cnn2gnn.intake.RecordRefusedException;
import io.cnn2gnn.model.image.InputSpec;
import io.cnn2gnn.model.image.Pixels;
import io.cnn2gnn.model.image.Resize;
import io.cnn2gnn.model.inference.Query;
import io.cnn2gnn.schemas.WireReader;
import io.cnn2gnn.schemas.avro.Image;
import io.cnn2gnn.topology.decode.RecordDecoder;
import io.cnn2gnn.topology.flow.DecodedImage;
import io.cnn2gnn.topology.flow.Source;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import org.apache.kafka.common.header.internals.RecordHeaders;

/** Makes what a model takes of an image record, by whichever library. It belongs to one thread. */
interface FileDecoder extends AutoCloseable {
  DecodedImage decode(byte[] value, InputSpec input);

  @Override
  void close();

  /** A library that reads image files. */
  @FunctionalInterface
  interface Library {
    /** The file's pixels, no fewer than a model takes. */
    Pixels read(byte[] file, InputSpec input) throws IOException;
  }

  /** The service's own: what differs is what is built around it. */
  static FileDecoder ofService(Setup setup) {
    RecordDecoder decoder = setup.decoder();
    return new FileDecoder() {
      @Override
      public DecodedImage decode(byte[] value, InputSpec input) {
        return StreamsPeer.decode(decoder, setup.input(), value, input);
      }

      @Override
      public void close() {
        decoder.close();
      }
    };
  }

  /** The same records, read by another library. */
  static FileDecoder of(Setup setup, Library library) {
    ImageRecords records =
        new ImageRecords(new WireReader<>(setup.registry(), "images", Image.class));
    return new FileDecoder() {
      @Override
      public DecodedImage decode(byte[] value, InputSpec input) {
        try {
          ImageRecord image = records.read(new RecordHeaders(), value);
          byte[] file = ((ImageContent.File) image.content()).bytes();
          byte[] samples = Resize.to(input, library.read(file, input));
          Source source =
              new Source(
                  setup.input(),
                  0,
                  0,
                  0,
                  Optional.empty(),
                  Optional.of(value),
                  new RecordHeaders());
          Query query = new Query(image.id(), samples, Optional.empty());
          return new DecodedImage(source, image.capturedAt(), query, input);
        } catch (RecordRefusedException e) {
          throw new IllegalStateException("the benchmark's own record is refused", e);
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }

      @Override
      public void close() {
        // Nothing is held.
      }
    };
  }
}
