package io.cnn2gnn.model.net;

import io.cnn2gnn.model.image.InputSpec;
import io.cnn2gnn.model.torch.ScriptModule;
import io.cnn2gnn.model.torch.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/** The layers that stem and teacher share: their tensors, their source, and batch norm folding. */
final class Layers {
  private static final double BATCH_NORM_EPSILON = 1e-5;

  private Layers() {}

  /** He-initialised convolution [out, in, side, side] followed by batch norm. */
  static void conv(Map<String, Tensor> t, Random random, Conv conv) {
    String name = conv.name();
    int out = conv.out();
    int side = conv.side();
    double deviation = Math.sqrt(2.0 / (conv.in() * side * side));
    t.put(name, Tensor.normal(random, deviation, out, conv.in(), side, side));
    t.put(name + "_gamma", Tensor.filled(1, out));
    t.put(name + "_beta", Tensor.filled(0, out));
    t.put(name + "_running_mean", Tensor.filled(0, out));
    t.put(name + "_running_var", Tensor.filled(1, out));
  }

  /** The shapes of what {@link #conv} makes. */
  static void convShapes(Map<String, long[]> t, Conv conv) {
    String name = conv.name();
    t.put(name, new long[] {conv.out(), conv.in(), conv.side(), conv.side()});
    for (String part : new String[] {"_gamma", "_beta", "_running_mean", "_running_var"}) {
      t.put(name + part, new long[] {conv.out()});
    }
  }

  /** Glorot-initialised matrix [in, out], used as x W. */
  static Tensor linear(Random random, int in, int out) {
    return Tensor.normal(random, Math.sqrt(2.0 / (in + out)), in, out);
  }

  /**
   * Source of an input image tensor, uint8 [b, height, width, channels], to normalised floats. Done
   * before the channels come first: on interleaved samples it is a plain loop.
   */
  static String normalise() {
    return """
    x = torch.mul_(torch.sub_(torch.to(images, 6), self.input_mean), self.input_scale)
    x = torch.permute(x, [0, 3, 1, 2])
    """;
  }

  static void normalisation(ScriptModule script, InputSpec input) {
    float[] mean = new float[input.channels()];
    float[] scale = new float[input.channels()];
    for (int c = 0; c < mean.length; c++) {
      mean[c] = 255 * input.mean().get(c);
      scale[c] = 1 / (255 * input.deviation().get(c));
    }
    script.constant("input_mean", new Tensor(new long[] {mean.length}, mean));
    script.constant("input_scale", new Tensor(new long[] {scale.length}, scale));
  }

  /**
   * Source of a convolution of {@code from} and its batch norm: folded into it for serving, by the
   * batch or the running statistics otherwise.
   */
  static String normed(Conv conv, boolean folded, String from) {
    String name = conv.name();
    String bias = folded ? "self." + name + "_bias" : "None";
    int s = conv.stride();
    int p = conv.padding();
    String plain =
        "torch.conv2d(%s, self.%s, %s, [%d, %d], [%d, %d], [1, 1], 1)"
            .formatted(from, name, bias, s, s, p, p);
    return folded
        ? plain
        : "torch.batch_norm(%s, self.%s_gamma, self.%s_beta, self.%s_running_mean,"
                .formatted(plain, name, name, name)
            + " self.%s_running_var, self.training, 0.1, %s, True)"
                .formatted(name, Double.toString(BATCH_NORM_EPSILON).replace("E", "e"));
  }

  /**
   * Adds tensors by their role: running statistics and those that do not learn as buffers, the rest
   * as parameters.
   */
  static void define(ScriptModule script, Map<String, Tensor> tensors, Set<String> fixed) {
    tensors.forEach(
        (name, tensor) -> {
          if (name.contains("_running_") || fixed.contains(name)) {
            script.buffer(name, tensor);
          } else {
            script.parameter(name, tensor);
          }
        });
  }

  /** Batch norm folded into the convolution before it: {@code name} and {@code name_bias}. */
  static Map<String, Tensor> fold(Map<String, Tensor> tensors, String name) {
    Tensor weight = tensors.get(name);
    float[] gamma = tensors.get(name + "_gamma").data();
    float[] beta = tensors.get(name + "_beta").data();
    float[] mean = tensors.get(name + "_running_mean").data();
    float[] variance = tensors.get(name + "_running_var").data();
    float[] folded = weight.data().clone();
    float[] bias = new float[gamma.length];
    int filter = folded.length / gamma.length;
    for (int o = 0; o < gamma.length; o++) {
      double scale = gamma[o] / Math.sqrt(variance[o] + BATCH_NORM_EPSILON);
      for (int i = o * filter; i < (o + 1) * filter; i++) {
        folded[i] = (float) (folded[i] * scale);
      }
      bias[o] = (float) (beta[o] - mean[o] * scale);
    }
    Map<String, Tensor> result = new LinkedHashMap<>();
    result.put(name, new Tensor(weight.shape(), folded));
    result.put(name + "_bias", new Tensor(new long[] {bias.length}, bias));
    return result;
  }
}
