package io.cnn2gnn.intake.files;

import io.cnn2gnn.schemas.avro.ImageFormat;
import java.io.IOException;
import java.io.InputStream;

/**
 * An image file that was found, of which at most the first bytes were read.
 *
 * @param path inside the folder or zip, with slashes
 * @param file as a message names it
 * @param format by its name, or its first bytes where that says nothing
 */
public record FoundImage(String path, String file, ImageFormat format, Content content) {
  /** Gives the bytes when they are needed. */
  @FunctionalInterface
  public interface Content {
    InputStream open() throws IOException;
  }
}
