package io.cnn2gnn.model.image;

import io.cnn2gnn.model.image.ImageRejectedException.Reason;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What a JPEG says of itself: the marker segments of the whole file, without the coded data between
 * them.
 *
 * @param width as it is stored
 * @param height as it is stored
 * @param colours what its channels mean
 * @param progressive or baseline
 * @param scans how many there are
 * @param turned how it is to be turned to stand upright
 * @param metadata segments that tell nothing of the pixels, as from and to, in order
 * @param end where its data ends: at the end marker, or where a trailer or nothing follows
 * @param marked whether there is an end marker
 */
record JpegHeader(
    int width,
    int height,
    Colours colours,
    boolean progressive,
    int scans,
    Turn turned,
    List<Span> metadata,
    int end,
    boolean marked) {
  private static final int TEM = 0x01;
  private static final int SOF0 = 0xc0;
  private static final int SOF2 = 0xc2;
  private static final int SOF15 = 0xcf;
  private static final int DHT = 0xc4;
  private static final int JPG = 0xc8;
  private static final int DAC = 0xcc;
  private static final int RST0 = 0xd0;
  private static final int SOI = 0xd8;
  private static final int EOI = 0xd9;
  private static final int SOS = 0xda;
  private static final int APP0 = 0xe0;
  private static final int APP1 = 0xe1;
  private static final int APP14 = 0xee;
  private static final int APP15 = 0xef;
  private static final int COM = 0xfe;
  private static final int COEFFICIENTS = 64;

  /** A large profile has some 50. */
  private static final int MAX_METADATA = 1000;

  /** A scan of no data costs the sender ten bytes and the decoder a walk over the whole image. */
  private static final int MAX_SCANS = 100;

  /** Encoders make ten scans of a progressive image, optimisers up to sixteen. */
  private static final int USUAL_SCANS = 20;

  /** Samples that more scans than usual may walk over, in all: a picture of 200 x 200 may. */
  private static final long MAX_SAMPLES_OF_MANY_SCANS = 20_000_000;

  /** A piece of the file. */
  record Span(int from, int to) {}

  /** What the channels of a JPEG mean, decided as libjpeg does. */
  enum Colours {
    GREY(1),
    YCBCR(3),
    RGB(3),
    /** Inverted, as Adobe stores it: 255 is no ink. */
    CMYK(4),
    YCCK(4);

    private final int channels;

    Colours(int channels) {
      this.channels = channels;
    }

    int channels() {
      return channels;
    }
  }

  /**
   * Reads the segments.
   *
   * @throws ImageRejectedException if it is no JPEG that is read here, if its scans times its
   *     samples are more work than its pixels are worth, or if it ends before its last scan
   */
  static JpegHeader of(byte[] file) throws ImageRejectedException {
    return new Walk(file).header();
  }

  int channels() {
    return colours.channels();
  }

  /** One walk over a file. */
  private static final class Walk {
    private final byte[] file;
    private final List<Span> metadata = new ArrayList<>();

    /** Which coefficients of each component have been sent to their last bit. */
    private final Map<Integer, BitSet> sent = new HashMap<>();

    private int[] components = {};
    private int width;
    private int height;
    private boolean progressive;
    private int scans;
    private boolean jfif;
    private int adobe = -1;
    private Turn turned = Turn.NONE;

    Walk(byte[] file) {
      this.file = file;
    }

    JpegHeader header() throws ImageRejectedException {
      int next = 2;
      int at = nextMarker(next);
      while (at + 1 < file.length && u8(at + 1) != EOI && !isTrailer(u8(at + 1))) {
        int marker = u8(at + 1);
        int begin = fill(at, next);
        next = at + 2;
        if (marker != TEM && (marker & 0xf8) != RST0) {
          if (at + 4 > file.length) {
            break;
          }
          next = (int) Math.min(file.length, next + (long) Math.max(2, u16(at + 2)));
          segment(marker, begin, at, next);
        }
        at = nextMarker(next);
      }
      // A last byte by itself is no marker.
      int end = at + 1 < file.length ? at : file.length;
      if (width < 1 || height < 1) {
        throw new ImageRejectedException(Reason.CORRUPT_IMAGE, "the JPEG has no frame of any size");
      }
      boolean marked = end < file.length && u8(end + 1) == EOI;
      if (!marked && !isComplete()) {
        throw new ImageRejectedException(
            Reason.CORRUPT_IMAGE, "the JPEG ends before its last scan");
      }
      checkScans();
      return new JpegHeader(
          width, height, colours(), progressive, scans, turned, List.copyOf(metadata), end, marked);
    }

    /** What may not follow coded data belongs to no JPEG, or to another one. */
    private boolean isTrailer(int marker) {
      return scans > 0 && (marker == SOI || isFrame(marker) || (marker < SOF0 && marker != TEM));
    }

    private static boolean isFrame(int marker) {
      return marker >= SOF0 && marker <= SOF15 && marker != DHT && marker != JPG && marker != DAC;
    }

    /** Where the fill bytes before a marker begin: left alone they would make another marker. */
    private int fill(int at, int from) {
      int begin = at;
      while (begin > from && file[begin - 1] == -1) {
        begin--;
      }
      return begin;
    }

    private void segment(int marker, int begin, int at, int next) throws ImageRejectedException {
      if (isFrame(marker)) {
        frame(marker, at);
      } else if (marker == SOS) {
        scan(at, next);
      } else if ((marker >= APP0 && marker <= APP15) || marker == COM) {
        if (metadata.size() == MAX_METADATA) {
          throw new ImageRejectedException(
              Reason.DECOMPRESSION_BOMB,
              "the JPEG has more than " + MAX_METADATA + " segments of notes");
        }
        metadata.add(new Span(begin, next));
        if (marker == APP0) {
          jfif |= says(at + 4, "JFIF");
        } else if (marker == APP1 && turned == Turn.NONE && says(at + 4, "Exif")) {
          turned = Exif.turn(file, at + 10, next);
        } else if (marker == APP14 && at + 16 <= next && says(at + 4, "Adobe")) {
          adobe = u8(at + 15);
        }
      }
    }

    private boolean says(int at, String name) {
      for (int i = 0; i < name.length(); i++) {
        if (at + i >= file.length || file[at + i] != name.charAt(i)) {
          return false;
        }
      }
      return true;
    }

    private void frame(int marker, int at) throws ImageRejectedException {
      if (width > 0) {
        throw new ImageRejectedException(Reason.CORRUPT_IMAGE, "the JPEG has two frames");
      }
      if (at + 10 > file.length) {
        throw new ImageRejectedException(Reason.CORRUPT_IMAGE, "the JPEG ends within its header");
      }
      int bits = u8(at + 4);
      int channels = u8(at + 9);
      if (marker > SOF2 || bits != 8) {
        throw new ImageRejectedException(
            Reason.UNSUPPORTED_FORMAT,
            "a JPEG of process %d with %d bits; baseline and progressive of 8 bits are read"
                .formatted(marker - SOF0, bits));
      }
      if (channels != 1 && channels != 3 && channels != 4) {
        throw new ImageRejectedException(
            Reason.UNSUPPORTED_FORMAT,
            "a JPEG of " + channels + " channels; grey, colour and CMYK are read");
      }
      if (at + 10 + 3 * channels > file.length) {
        throw new ImageRejectedException(Reason.CORRUPT_IMAGE, "the JPEG ends within its header");
      }
      components = new int[channels];
      for (int c = 0; c < channels; c++) {
        components[c] = u8(at + 10 + 3 * c);
      }
      height = u16(at + 5);
      width = u16(at + 7);
      progressive = marker == SOF2;
    }

    private void scan(int at, int next) throws ImageRejectedException {
      if (++scans > MAX_SCANS) {
        throw new ImageRejectedException(
            Reason.DECOMPRESSION_BOMB, "the JPEG has more than " + MAX_SCANS + " scans");
      }
      int count = at + 4 < next ? u8(at + 4) : 0;
      int behind = at + 5 + 2 * count;
      if (behind + 3 > next) {
        return;
      }
      boolean last = !progressive || (u8(behind + 2) & 15) == 0;
      int from = progressive ? u8(behind) : 0;
      int to = progressive ? u8(behind + 1) : COEFFICIENTS - 1;
      for (int c = 0; last && from <= to && to < COEFFICIENTS && c < count; c++) {
        sent.computeIfAbsent(u8(at + 5 + 2 * c), id -> new BitSet()).set(from, to + 1);
      }
    }

    /** Of a file without an end marker: whether it has told all coefficients of all components. */
    private boolean isComplete() {
      for (int component : components) {
        BitSet all = sent.get(component);
        if (all == null || all.cardinality() < COEFFICIENTS) {
          return false;
        }
      }
      return true;
    }

    private void checkScans() throws ImageRejectedException {
      long samples = (long) width * height * components.length;
      if (scans > USUAL_SCANS && scans * samples > MAX_SAMPLES_OF_MANY_SCANS) {
        throw new ImageRejectedException(
            Reason.DECOMPRESSION_BOMB,
            "the JPEG has %d scans over %d x %d pixels; a picture of that size may have %d"
                .formatted(scans, width, height, USUAL_SCANS));
      }
    }

    private Colours colours() {
      return switch (components.length) {
        case 1 -> Colours.GREY;
        case 3 -> isRgb() ? Colours.RGB : Colours.YCBCR;
        default -> adobe > 0 ? Colours.YCCK : Colours.CMYK;
      };
    }

    private boolean isRgb() {
      if (jfif) {
        return false;
      }
      return adobe >= 0
          ? adobe == 0
          : components[0] == 'R' && components[1] == 'G' && components[2] == 'B';
    }

    /** The next 0xff that begins a marker: not a stuffed byte of data, nor padding. */
    private int nextMarker(int from) {
      int at = from;
      while (at + 1 < file.length && (file[at] != -1 || u8(at + 1) == 0 || file[at + 1] == -1)) {
        at++;
      }
      return at;
    }

    private int u8(int at) {
      return file[at] & 255;
    }

    private int u16(int at) {
      return (u8(at) << 8) | u8(at + 1);
    }
  }
}
