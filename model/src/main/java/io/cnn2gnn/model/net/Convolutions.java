package io.cnn2gnn.model.net;

import io.cnn2gnn.model.torch.Initial;
import io.cnn2gnn.model.torch.NetworkPart;
import io.cnn2gnn.model.torch.Parameter;
import io.cnn2gnn.model.torch.Script;
import io.cnn2gnn.model.torch.ScriptModule;
import io.cnn2gnn.model.torch.Tensor;
import java.util.List;
import java.util.Map;

/**
 * The convolutions of a network, batch norm behind each, in the order in which its script takes
 * them: {@code convolve(x, convolution, stride)} is one of {@code convolutions()}.
 */
record Convolutions(List<Conv> all) implements NetworkPart {
  private static final double BATCH_NORM_EPSILON = 1e-5;

  private static final String METHOD = "convolutions";

  @Override
  public List<Parameter> parameters() {
    return all.stream().flatMap(conv -> parameters(conv).stream()).toList();
  }

  private static List<Parameter> parameters(Conv conv) {
    int out = conv.out();
    return List.of(
        Parameter.of(conv.name(), Initial.he(), out, conv.in(), conv.side(), conv.side()),
        Parameter.of(gamma(conv), Initial.constant(1), out),
        Parameter.of(beta(conv), Initial.constant(0), out),
        Parameter.fixed(mean(conv), Initial.constant(0), out),
        Parameter.fixed(variance(conv), Initial.constant(1), out));
  }

  @Override
  public List<Script> scripts() {
    return List.of(
        Script.of(Convolutions.class, "convolve_1x1.py"),
        Script.of(Convolutions.class, "convolve.py"));
  }

  List<Integer> strides() {
    return all.stream().map(Conv::stride).toList();
  }

  /** Adds them to a module that has their {@link #parameters()}. */
  ScriptModule normed(ScriptModule module) {
    return module
        .groups(
            METHOD,
            all.stream()
                .map(c -> List.of(c.name(), gamma(c), beta(c), mean(c), variance(c)))
                .toList())
        .methods(scripts());
  }

  /** Adds them to a module that has none of their parameters, batch norm folded into each. */
  ScriptModule folded(ScriptModule module, Map<String, Tensor> tensors) {
    all.forEach(conv -> fold(module, conv, tensors));
    return module
        .groups(METHOD, all.stream().map(conv -> List.of(conv.name(), bias(conv))).toList())
        .methods(Script.of(Convolutions.class, "convolve_1x1.py"))
        .methods(Script.of(Convolutions.class, "convolve_folded.py"));
  }

  private static void fold(ScriptModule module, Conv conv, Map<String, Tensor> tensors) {
    Tensor kernel = tensors.get(conv.name());
    float[] gamma = tensors.get(gamma(conv)).data();
    float[] beta = tensors.get(beta(conv)).data();
    float[] mean = tensors.get(mean(conv)).data();
    float[] variance = tensors.get(variance(conv)).data();
    float[] folded = kernel.data().clone();
    float[] bias = new float[gamma.length];
    int filter = folded.length / gamma.length;
    for (int o = 0; o < gamma.length; o++) {
      double scale = gamma[o] / Math.sqrt(variance[o] + BATCH_NORM_EPSILON);
      for (int i = o * filter; i < (o + 1) * filter; i++) {
        folded[i] = (float) (folded[i] * scale);
      }
      bias[o] = (float) (beta[o] - mean[o] * scale);
    }
    module.parameter(conv.name(), new Tensor(kernel.shape(), folded));
    module.parameter(bias(conv), new Tensor(new long[] {bias.length}, bias));
  }

  private static String gamma(Conv conv) {
    return conv.name() + "_gamma";
  }

  private static String beta(Conv conv) {
    return conv.name() + "_beta";
  }

  private static String mean(Conv conv) {
    return conv.name() + "_running_mean";
  }

  private static String variance(Conv conv) {
    return conv.name() + "_running_var";
  }

  private static String bias(Conv conv) {
    return conv.name() + "_bias";
  }
}
