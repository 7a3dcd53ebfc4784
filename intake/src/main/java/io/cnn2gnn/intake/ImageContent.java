package io.cnn2gnn.intake;

import io.cnn2gnn.model.image.ImageDecoder;
import io.cnn2gnn.model.image.ImageRejectedException;
import io.cnn2gnn.model.image.Pixels;

/** What a record of the images topic has of its picture. */
public sealed interface ImageContent {
  /** A JPEG, PNG or WebP file, inside the record. */
  record File(byte[] bytes) implements ImageContent {}

  /**
   * Samples, inside the record.
   *
   * @param bytes [height, width, channels], 0 to 255
   * @param channels 3 for RGB, 1 for grey
   */
  record Samples(byte[] bytes, int width, int height, int channels) implements ImageContent {
    /**
     * The picture.
     *
     * @throws ImageRejectedException if the bytes are not of that size, or too many
     */
    public Pixels pixels(ImageDecoder decoder) throws ImageRejectedException {
      return decoder.raw(bytes, width, height, channels);
    }
  }

  /**
   * A file elsewhere.
   *
   * @param sha256 of the file, in hexadecimal digits, as the record says
   * @param size of the file in bytes, as the record says
   */
  record Reference(String uri, String sha256, long size) implements ImageContent {}
}
