package io.cnn2gnn.intake;

import io.cnn2gnn.schemas.WireReader;
import io.cnn2gnn.schemas.avro.Image;
import java.time.InstantSource;
import java.util.function.Supplier;

/** Reads the records of an images topic. Shared between threads. */
public interface ImageReader {
  /** Whether {@link #read} would ask nobody. */
  boolean isKnown(Arrived record);

  /**
   * Reads a record. The picture is not looked at.
   *
   * @throws RecordRefusedException if it is no image, or its id or label will not do
   * @throws io.cnn2gnn.schemas.RegistryUnavailableException if its schema cannot be had now; the
   *     record is not at fault
   */
  ImageRecord read(Arrived record) throws RecordRefusedException;

  /**
   * Of a format.
   *
   * @param avro makes the reader of Avro, if it needs one
   */
  static ImageReader of(InputFormat format, Supplier<WireReader<Image>> avro) {
    return switch (format) {
      case AVRO -> new ImageRecords(avro.get());
      case RAW -> new RawImages(InstantSource.system());
    };
  }
}
