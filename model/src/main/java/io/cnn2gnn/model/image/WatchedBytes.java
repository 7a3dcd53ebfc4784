package io.cnn2gnn.model.image;

import java.awt.image.BufferedImage;
import java.io.IOException;
import javax.imageio.ImageReader;
import javax.imageio.event.IIOReadUpdateListener;
import javax.imageio.stream.ImageInputStreamImpl;

/**
 * A file as the JDK's decoders read it, and an ear for each row that they finish: whichever they do
 * next, they stop when their time is over.
 */
final class WatchedBytes extends ImageInputStreamImpl implements IIOReadUpdateListener {
  private final byte[] file;
  private final Deadline deadline;

  WatchedBytes(byte[] file, Deadline deadline) {
    this.file = file;
    this.deadline = deadline;
  }

  @Override
  public int read() throws IOException {
    bitOffset = 0;
    deadline.check();
    return streamPos < file.length ? file[(int) streamPos++] & 255 : -1;
  }

  @Override
  public int read(byte[] into, int from, int length) throws IOException {
    bitOffset = 0;
    deadline.check();
    if (length == 0) {
      return 0;
    }
    int count = (int) Math.min(length, file.length - streamPos);
    if (count <= 0) {
      return -1;
    }
    System.arraycopy(file, (int) streamPos, into, from, count);
    streamPos += count;
    return count;
  }

  @Override
  public long length() {
    return file.length;
  }

  private void row(ImageReader reader) {
    if (deadline.isOver()) {
      reader.abort();
    }
  }

  @Override
  public void imageUpdate(
      ImageReader reader,
      BufferedImage image,
      int minX,
      int minY,
      int width,
      int height,
      int periodX,
      int periodY,
      int[] bands) {
    row(reader);
  }

  @Override
  public void passStarted(
      ImageReader reader,
      BufferedImage image,
      int pass,
      int minPass,
      int maxPass,
      int minX,
      int minY,
      int periodX,
      int periodY,
      int[] bands) {
    row(reader);
  }

  @Override
  public void passComplete(ImageReader reader, BufferedImage image) {
    row(reader);
  }

  @Override
  public void thumbnailPassStarted(
      ImageReader reader,
      BufferedImage thumbnail,
      int pass,
      int minPass,
      int maxPass,
      int minX,
      int minY,
      int periodX,
      int periodY,
      int[] bands) {
    row(reader);
  }

  @Override
  public void thumbnailUpdate(
      ImageReader reader,
      BufferedImage thumbnail,
      int minX,
      int minY,
      int width,
      int height,
      int periodX,
      int periodY,
      int[] bands) {
    row(reader);
  }

  @Override
  public void thumbnailPassComplete(ImageReader reader, BufferedImage thumbnail) {
    row(reader);
  }
}
