package io.cnn2gnn.training.data;

import java.util.Random;

/**
 * The augmented views of an image set. A view is a function of seed, image and view number alone:
 * no state passes from one to the next, so a run that resumes sees what an unbroken one would have
 * seen, and what a teacher says of a view can be kept.
 */
public final class Views {
  private final ImageSet set;
  private final Augment augment;
  private final long seed;

  public Views(ImageSet set, Augment augment, long seed) {
    this.set = set;
    this.augment = augment;
    this.seed = seed;
  }

  public ImageSet set() {
    return set;
  }

  /** The view number that an epoch, counted from 0, shows. */
  public int number(int epoch) {
    return augment.view(epoch);
  }

  /** True when views come again, so that answers are worth keeping. */
  public boolean recur() {
    return augment.views() > 0;
  }

  /** The images of the set in the order of an epoch. */
  public int[] order(int epoch) {
    return shuffled(set.size(), mixed(seed, -1, epoch));
  }

  /** The numbers below n in a random order. */
  public static int[] shuffled(int n, long seed) {
    Random random = new Random(seed);
    int[] order = new int[n];
    for (int i = 0; i < n; i++) {
      int j = random.nextInt(i + 1);
      order[i] = order[j];
      order[j] = i;
    }
    return order;
  }

  /** Samples of one view of each of the images. */
  public byte[] samples(int[] images, int view) {
    byte[] samples = new byte[images.length * set.imageBytes()];
    for (int i = 0; i < images.length; i++) {
      write(images[i], images[i], view, samples, i * set.imageBytes());
      if (isMixed(images[i], view)) {
        mix(images[i], view, samples, i * set.imageBytes());
      }
    }
    return samples;
  }

  /** The labels of one view of each of the images; of one that is mixed nobody knows it. */
  public long[] labels(int[] images, int view) {
    long[] labels = set.labels(images);
    for (int i = 0; i < images.length; i++) {
      if (isMixed(images[i], view)) {
        labels[i] = ImageSet.UNLABELLED;
      }
    }
    return labels;
  }

  private boolean isMixed(int image, int view) {
    return augment.mixup() > 0 && mixing(image, view).nextFloat() < augment.mixup();
  }

  private Random mixing(int image, int view) {
    return new Random(mixed(seed + 0x6d6978, image, view));
  }

  private void mix(int image, int view, byte[] target, int at) {
    Random random = mixing(image, view);
    random.nextFloat();
    int other = random.nextInt(set.size());
    double share = random.nextDouble();
    byte[] samples = new byte[set.imageBytes()];
    write(other, other, view, samples, 0);
    for (int i = 0; i < samples.length; i++) {
      double own = target[at + i] & 255;
      target[at + i] = (byte) Math.round(own + share * ((samples[i] & 255) - own));
    }
  }

  /** Whether left and right mean nothing in a set, so that its views may be flipped. */
  public static boolean mayFlip(ImageSet set) {
    return Mirror.isHarmless(set);
  }

  /** Samples of the images, all changed in the way in which one view of another is. */
  public byte[] alike(int[] images, int like, int view) {
    byte[] samples = new byte[images.length * set.imageBytes()];
    for (int i = 0; i < images.length; i++) {
      write(images[i], like, view, samples, i * set.imageBytes());
    }
    return samples;
  }

  private void write(int image, int like, int view, byte[] target, int at) {
    Random random = new Random(mixed(seed, like, view));
    boolean flip = augment.flip() && random.nextBoolean();
    int span = 2 * augment.shift() + 1;
    int dx = random.nextInt(span) - augment.shift();
    int dy = random.nextInt(span) - augment.shift();
    int source = image * set.imageBytes();
    if (augment.crop() < 1) {
      crop(random, source, flip, target, at);
    } else {
      shift(source, flip, dx, dy, target, at);
    }
    if (augment.light() > 0) {
      light(random, target, at);
    }
  }

  private void light(Random random, byte[] target, int at) {
    double gain = Math.exp(augment.light() * (2 * random.nextDouble() - 1));
    double offset = 255 * augment.light() / 8 * (2 * random.nextDouble() - 1);
    byte[] changed = new byte[256];
    for (int i = 0; i < changed.length; i++) {
      changed[i] = (byte) Math.round(clamp(gain * i + offset, 255));
    }
    for (int i = at; i < at + set.imageBytes(); i++) {
      target[i] = changed[target[i] & 255];
    }
  }

  private void shift(int source, boolean flip, int dx, int dy, byte[] target, int at) {
    byte[] pixels = set.pixels();
    int channels = set.channels();
    int width = set.width();
    for (int y = Math.max(0, -dy); y < Math.min(set.height(), set.height() - dy); y++) {
      for (int x = 0; x < width; x++) {
        int sx = (flip ? width - 1 - x : x) + dx;
        if (sx >= 0 && sx < width) {
          int to = at + (y * width + x) * channels;
          int from = source + ((y + dy) * width + sx) * channels;
          for (int c = 0; c < channels; c++) {
            target[to + c] = pixels[from + c];
          }
        }
      }
    }
  }

  /** A crop of random area, place and shape (3:4 to 4:3), enlarged bilinearly to the full size. */
  private void crop(Random random, int source, boolean flip, byte[] target, int at) {
    int height = set.height();
    int width = set.width();
    double area = augment.crop() + (1 - augment.crop()) * random.nextDouble();
    double shape = Math.exp((random.nextDouble() - 0.5) * 2 * Math.log(4.0 / 3));
    double w = Math.min(1, Math.sqrt(area * shape)) * width;
    double h = Math.min(1, Math.sqrt(area / shape)) * height;
    double left = random.nextDouble() * (width - w);
    double top = random.nextDouble() * (height - h);
    int channels = set.channels();
    byte[] pixels = set.pixels();
    for (int y = 0; y < height; y++) {
      double sy = clamp(top + (y + 0.5) * h / height - 0.5, height - 1);
      int y0 = (int) sy;
      int y1 = Math.min(y0 + 1, height - 1);
      double fy = sy - y0;
      for (int x = 0; x < width; x++) {
        double sx = clamp(left + (x + 0.5) * w / width - 0.5, width - 1);
        int x0 = (int) sx;
        int x1 = Math.min(x0 + 1, width - 1);
        double fx = sx - x0;
        int to = at + (y * width + (flip ? width - 1 - x : x)) * channels;
        for (int c = 0; c < channels; c++) {
          double a = pixels[source + (y0 * width + x0) * channels + c] & 255;
          double b = pixels[source + (y0 * width + x1) * channels + c] & 255;
          double d = pixels[source + (y1 * width + x0) * channels + c] & 255;
          double e = pixels[source + (y1 * width + x1) * channels + c] & 255;
          double upper = a + fx * (b - a);
          target[to + c] = (byte) Math.round(upper + fy * (d + fx * (e - d) - upper));
        }
      }
    }
  }

  private static double clamp(double value, double max) {
    return Math.max(0, Math.min(max, value));
  }

  /** A well-mixed seed of three numbers (the finaliser of SplitMix64). */
  public static long mixed(long seed, long a, long b) {
    long z = seed * 0x9e3779b97f4a7c15L + a * 0xbf58476d1ce4e5b9L + b * 0x94d049bb133111ebL;
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }
}
