package io.cnn2gnn.model.torch;

import java.util.Arrays;
import java.util.Random;

/**
 * A dense row-major float32 tensor on the Java heap: what bundles store and scripts are built from.
 * The array is shared, not copied; treat it as read-only once handed over.
 *
 * @param shape extents, outermost first
 * @param data values, row-major
 */
public record Tensor(long[] shape, float[] data) {
  public Tensor {
    long size = 1;
    for (long n : shape) {
      size = Math.multiplyExact(size, n);
    }
    if (size != data.length) {
      throw new IllegalArgumentException(
          "shape " + Arrays.toString(shape) + " needs " + size + " values, got " + data.length);
    }
  }

  public static Tensor filled(float value, long... shape) {
    float[] data = new float[Math.toIntExact(Arrays.stream(shape).reduce(1, Math::multiplyExact))];
    Arrays.fill(data, value);
    return new Tensor(shape, data);
  }

  /** Normal values of the given standard deviation, from the caller's seeded generator. */
  public static Tensor normal(Random random, double deviation, long... shape) {
    Tensor t = filled(0f, shape);
    for (int i = 0; i < t.data.length; i++) {
      t.data[i] = (float) (random.nextGaussian() * deviation);
    }
    return t;
  }

  /** True when no value is NaN or infinite. */
  public boolean isFinite() {
    for (float v : data) {
      if (!Float.isFinite(v)) {
        return false;
      }
    }
    return true;
  }

  /** The first columns of a matrix, as a matrix. */
  public Tensor columns(int count) {
    int rows = Math.toIntExact(shape[0]);
    int width = Math.toIntExact(shape[1]);
    float[] kept = new float[Math.multiplyExact(rows, count)];
    for (int i = 0; i < rows; i++) {
      System.arraycopy(data, i * width, kept, i * count, count);
    }
    return new Tensor(new long[] {rows, count}, kept);
  }

  long[] strides() {
    long[] strides = new long[shape.length];
    long step = 1;
    for (int i = shape.length - 1; i >= 0; i--) {
      strides[i] = step;
      step *= shape[i];
    }
    return strides;
  }

  @Override
  public boolean equals(Object o) {
    return o instanceof Tensor t && Arrays.equals(shape, t.shape) && Arrays.equals(data, t.data);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(shape) + Arrays.hashCode(data);
  }

  @Override
  public String toString() {
    return "Tensor" + Arrays.toString(shape);
  }
}
