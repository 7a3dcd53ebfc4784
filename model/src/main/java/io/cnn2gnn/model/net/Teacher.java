package io.cnn2gnn.model.net;

import io.cnn2gnn.model.image.InputSpec;
import io.cnn2gnn.model.torch.ScriptModule;
import io.cnn2gnn.model.torch.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;

/**
 * A CNN teacher as TorchScript: the CIFAR form of ResNet (He et al., arXiv 1512.03385, section 4.2)
 * of depth 6n + 2, three stages of n basic blocks, with a 1x1 projection where a stage begins.
 */
public final class Teacher {
  private Teacher() {}

  /**
   * Shape of a teacher.
   *
   * @param input what it takes
   * @param depth 6n + 2: 8, 14, 20, 32, 44, 56, ...
   * @param width channels of the first stage; the paper's is 16
   * @param classes number of classes, at least 2
   */
  public record Spec(InputSpec input, int depth, int width, int classes) {
    public Spec {
      if (depth < 8 || (depth - 2) % 6 != 0) {
        throw new IllegalArgumentException(
            "depth of a CIFAR ResNet is 6n + 2 (8, 14, 20, 32, 44, 56, 110): " + depth);
      }
      if (width < 1 || width > 1024) {
        throw new IllegalArgumentException("width must lie in 1..1024: " + width);
      }
      if (classes < 2) {
        throw new IllegalArgumentException("a classifier needs at least two classes: " + classes);
      }
    }

    int blocks() {
      return (depth - 2) / 6;
    }

    int stageWidth(int stage) {
      return width << stage;
    }

    /** Short name, such as {@code resnet-8x16}. */
    public String name() {
      return "resnet-" + depth + "x" + width;
    }
  }

  /** Freshly initialised tensors, by name. */
  public static Map<String, Tensor> initial(Spec spec, long seed) {
    Random random = new Random(seed);
    Map<String, Tensor> t = new LinkedHashMap<>();
    int in = spec.width();
    Layers.conv(t, random, "conv", spec.input().channels(), in, 3);
    for (int stage = 0; stage < 3; stage++) {
      int out = spec.stageWidth(stage);
      for (int block = 0; block < spec.blocks(); block++) {
        String name = "s" + stage + "b" + block;
        Layers.conv(t, random, name + "_1", in, out, 3);
        Layers.conv(t, random, name + "_2", out, out, 3);
        if (in != out) {
          Layers.conv(t, random, name + "_skip", in, out, 1);
        }
        in = out;
      }
    }
    t.put("w", Layers.linear(random, in, spec.classes()));
    t.put("b", Tensor.filled(0, spec.classes()));
    return t;
  }

  /**
   * The script: {@code forward(images uint8 [b, height, width, channels], labels [b] int64)} ->
   * (cross entropy, logits) and {@code logits(images)} -> [b, classes].
   */
  public static ScriptModule script(Spec spec, Map<String, Tensor> tensors) {
    ScriptModule script = new ScriptModule();
    Layers.normalisation(script, spec.input());
    Layers.define(script, tensors);
    StringBuilder body = new StringBuilder(Layers.normalise());
    line(body, "x", "torch.relu(%s)", Layers.convolutionAndNorm("conv", 1, 1), "x");
    int in = spec.width();
    for (int stage = 0; stage < 3; stage++) {
      int out = spec.stageWidth(stage);
      for (int block = 0; block < spec.blocks(); block++) {
        String name = "s" + stage + "b" + block;
        int stride = stage > 0 && block == 0 ? 2 : 1;
        line(body, "y", "torch.relu(%s)", Layers.convolutionAndNorm(name + "_1", stride, 1), "x");
        if (in == out) {
          line(body, "skip", "%s", "x", "x");
        } else {
          line(body, "skip", "%s", Layers.convolutionAndNorm(name + "_skip", stride, 0), "x");
        }
        String second = Layers.convolutionAndNorm(name + "_2", 1, 1);
        line(body, "x", "torch.relu(torch.add(%s, skip))", second, "y");
        in = out;
      }
    }
    body.append("x = torch.flatten(torch.adaptive_avg_pool2d(x, [1, 1]), 1)\n");
    body.append("return torch.add(torch.matmul(x, self.w), self.b)\n");
    return script
        .methods(
            "  def logits(self: Self, images: Tensor) -> Tensor:\n" + body.toString().indent(4))
        .methods(FORWARD.indent(2));
  }

  private static void line(
      StringBuilder body, String to, String wrap, String expression, String from) {
    body.append(to).append(" = ").append(wrap.formatted(expression.replace("{x}", from)));
    body.append('\n');
  }

  private static final String FORWARD =
      """
      def forward(self: Self, images: Tensor, labels: Tensor) -> Tuple[Tensor, Tensor]:
        logits = (self).logits(images)
        return (torch.cross_entropy_loss(logits, labels, None, 1, -100, 0.), logits)
      """;
}
