package io.cnn2gnn.lab.drift;

import io.cnn2gnn.cli.kit.ImageFiles.ImageFile;
import io.cnn2gnn.lab.picture.Png;
import io.cnn2gnn.schemas.avro.ImageFormat;
import io.cnn2gnn.training.data.DataSet;
import io.cnn2gnn.training.data.ImageSet;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/**
 * A stream of real images whose appearance changes on its way. Test images come without their
 * label, and accuracy is measured on them; training images come with it, as if somebody had
 * labelled a share of the stream. No image comes twice.
 *
 * @param images in the order of sending
 * @param shiftAt the first image of the new appearance
 */
record DriftStream(List<Item> images, int shiftAt) {
  /** What happens to the camera. */
  enum Shift {
    ROTATE("turned by a right angle"),
    INVERT("as negatives"),
    DARKEN("with a quarter of the light");

    private final String words;

    Shift(String words) {
      this.words = words;
    }

    /** What images are like then, for people. */
    String words() {
      return words;
    }
  }

  /**
   * An image of the stream.
   *
   * @param truth its class
   * @param labelled whether the record says so
   */
  record Item(ImageFile file, String truth, boolean labelled) {}

  /**
   * Draws a stream: labelled images from the training set, the others from the test set.
   *
   * @param limit the most images
   * @param labelledShare of them, in (0, 1)
   * @param shiftShare how much of the stream passes before the shift, in (0, 1)
   */
  static DriftStream of(
      DataSet data, int limit, double labelledShare, double shiftShare, Shift shift, long seed) {
    Random random = new Random(seed);
    int[] test = shuffled(data.test().size(), random);
    int[] train = shuffled(data.train().size(), random);
    List<Item> items = new ArrayList<>();
    int fromTest = 0;
    int fromTrain = 0;
    // The length has to be known before an image is drawn: the shift depends on it.
    boolean[] labelled = new boolean[limit];
    int length = 0;
    for (; length < limit; length++) {
      labelled[length] = random.nextDouble() < labelledShare;
      fromTest += labelled[length] ? 0 : 1;
      fromTrain += labelled[length] ? 1 : 0;
      if (fromTest > test.length || fromTrain > train.length) {
        break;
      }
    }
    int shiftAt = (int) (length * shiftShare);
    fromTest = 0;
    fromTrain = 0;
    for (int i = 0; i < length; i++) {
      ImageSet set = labelled[i] ? data.train() : data.test();
      int image = labelled[i] ? train[fromTrain++] : test[fromTest++];
      Optional<Shift> change = i < shiftAt ? Optional.empty() : Optional.of(shift);
      items.add(item(i, set, image, labelled[i], change));
    }
    return new DriftStream(List.copyOf(items), shiftAt);
  }

  private static int[] shuffled(int size, Random random) {
    int[] order = new int[size];
    for (int i = 0; i < size; i++) {
      int j = random.nextInt(i + 1);
      order[i] = order[j];
      order[j] = i;
    }
    return order;
  }

  private static Item item(
      int position, ImageSet set, int image, boolean labelled, Optional<Shift> shift) {
    String truth = set.classes().get(set.labels()[image]);
    return new Item(
        new ImageFile(
            Integer.toString(position),
            ImageFormat.PNG,
            Optional.of(truth),
            () -> png(set, image, shift)),
        truth,
        labelled);
  }

  private static byte[] png(ImageSet set, int image, Optional<Shift> shift) throws IOException {
    byte[] samples = set.samples(image, image + 1);
    boolean turned = shift.equals(Optional.of(Shift.ROTATE));
    byte[] shown = new byte[samples.length];
    for (int y = 0; y < set.height(); y++) {
      for (int x = 0; x < set.width(); x++) {
        int to = turned ? x * set.height() + set.height() - 1 - y : y * set.width() + x;
        for (int c = 0; c < set.channels(); c++) {
          int value = samples[(y * set.width() + x) * set.channels() + c] & 255;
          shown[to * set.channels() + c] = (byte) shifted(value, shift);
        }
      }
    }
    return turned
        ? Png.of(shown, set.height(), set.width(), set.channels())
        : Png.of(shown, set.width(), set.height(), set.channels());
  }

  private static int shifted(int value, Optional<Shift> shift) {
    if (shift.equals(Optional.of(Shift.INVERT))) {
      return 255 - value;
    }
    return shift.equals(Optional.of(Shift.DARKEN)) ? value / 4 : value;
  }
}
