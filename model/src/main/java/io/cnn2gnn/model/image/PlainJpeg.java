package io.cnn2gnn.model.image;

import io.cnn2gnn.model.image.JpegHeader.Colours;
import io.cnn2gnn.model.image.JpegHeader.Span;
import java.nio.ByteBuffer;

/**
 * A JPEG of nothing but what its pixels need. Profiles, notes and thumbnails are gone, before any
 * decoder may stumble over them; one segment says what the channels mean, so that no decoder has to
 * guess; and there is an end marker.
 */
final class PlainJpeg {
  private static final byte[] JFIF = {
    -1, (byte) 0xe0, 0, 16, 'J', 'F', 'I', 'F', 0, 1, 1, 0, 0, 1, 0, 1, 0, 0
  };
  private static final byte[] ADOBE = {
    -1, (byte) 0xee, 0, 14, 'A', 'd', 'o', 'b', 'e', 0, 100, 0, 0, 0, 0, 0
  };
  private static final byte[] START = {-1, (byte) 0xd8};
  private static final byte[] END = {-1, (byte) 0xd9};

  private PlainJpeg() {}

  static byte[] of(byte[] file, JpegHeader header) {
    byte[] colours = colours(header.colours());
    int length = START.length + colours.length + header.end() - START.length + END.length;
    for (Span span : header.metadata()) {
      length -= span.to() - span.from();
    }
    ByteBuffer plain = ByteBuffer.allocate(length).put(START).put(colours);
    int at = START.length;
    for (Span span : header.metadata()) {
      plain.put(file, at, span.from() - at);
      at = span.to();
    }
    return plain.put(file, at, header.end() - at).put(END).array();
  }

  private static byte[] colours(Colours colours) {
    if (colours == Colours.GREY || colours == Colours.YCBCR) {
      return JFIF;
    }
    byte[] adobe = ADOBE.clone();
    adobe[adobe.length - 1] = (byte) (colours == Colours.YCCK ? 2 : 0);
    return adobe;
  }
}
