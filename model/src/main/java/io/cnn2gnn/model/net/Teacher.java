package io.cnn2gnn.model.net;

import io.cnn2gnn.model.image.InputSpec;
import io.cnn2gnn.model.torch.ScriptModule;
import io.cnn2gnn.model.torch.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A CNN teacher as TorchScript: ResNet (He et al., arXiv 1512.03385) in its two forms.
 *
 * <ul>
 *   <li>ImageNet, depths 18, 34, 50, 101 and 152: 7x7 convolution of stride 2, 3x3 max pooling of
 *       stride 2, four stages; from depth 50 on bottleneck blocks with stride in the 3x3 one.
 *   <li>CIFAR, the other depths 6n + 2 (8, 14, 20, 32, 44, 56, 110): 3x3 convolution, three stages
 *       of n basic blocks (section 4.2).
 * </ul>
 *
 * A 1x1 projection leads past a block that changes shape.
 */
public final class Teacher {
  private static final int EXPANSION = 4;
  private static final Map<Integer, List<Integer>> IMAGENET =
      Map.of(
          18, List.of(2, 2, 2, 2),
          34, List.of(3, 4, 6, 3),
          50, List.of(3, 4, 6, 3),
          101, List.of(3, 4, 23, 3),
          152, List.of(3, 8, 36, 3));

  private Teacher() {}

  /**
   * Shape of a teacher.
   *
   * @param input what it takes
   * @param depth of one of the two forms
   * @param width channels of the first stage, a multiple of 16; the paper's is 16 (CIFAR) or 64
   *     (ImageNet)
   * @param classes number of classes, at least 2
   */
  public record Spec(InputSpec input, int depth, int width, int classes) {
    /**
     * With other widths oneDNN's gradient of a 1x1 convolution writes past its buffer on CPUs with
     * AVX-512, and the process dies.
     */
    private static final int STEP = 16;

    private static final Pattern NAME = Pattern.compile("resnet-?(\\d{1,3})(?:x(\\d{1,4}))?");

    /**
     * Reads a name: {@code resnet20}, {@code resnet18x32} (depth and width).
     *
     * @throws IllegalArgumentException if it is not one of the family
     */
    public static Spec parse(String name, InputSpec input, int classes) {
      Matcher m = NAME.matcher(name);
      if (!m.matches()) {
        throw new IllegalArgumentException(
            "'"
                + name
                + "' is no teacher: give resnetDEPTH or resnetDEPTHxWIDTH, such as resnet20"
                + " or resnet18x32, or an .onnx file");
      }
      int depth = Integer.parseInt(m.group(1));
      int width = m.group(2) != null ? Integer.parseInt(m.group(2)) : usualWidth(depth);
      return new Spec(input, depth, width, classes);
    }

    private static int usualWidth(int depth) {
      return IMAGENET.containsKey(depth) ? 64 : 16;
    }

    public Spec {
      if (!IMAGENET.containsKey(depth) && (depth < 8 || (depth - 2) % 6 != 0)) {
        throw new IllegalArgumentException(
            "no ResNet has depth "
                + depth
                + ": the CIFAR form has 6n + 2 (8, 14, 20, 32, 44, 56, 110), the ImageNet form 18,"
                + " 34, 50, 101 and 152");
      }
      if (width % STEP != 0 || width < STEP || width > 1024) {
        throw new IllegalArgumentException(
            "a teacher's width must be a multiple of 16 up to 1024: " + width);
      }
      if (classes < 2) {
        throw new IllegalArgumentException("a classifier needs at least two classes: " + classes);
      }
    }

    private boolean imageNet() {
      return IMAGENET.containsKey(depth);
    }

    private List<Integer> blocks() {
      int n = (depth - 2) / 6;
      return imageNet() ? IMAGENET.get(depth) : List.of(n, n, n);
    }

    /** Short name, such as {@code resnet20x16}. */
    public String name() {
      return "resnet" + depth + "x" + width;
    }
  }

  /** Convolutions one after the other, and what leads past them. */
  private record Block(List<Conv> path, Optional<Conv> skip) {}

  private static Conv stem(Spec spec) {
    int side = spec.imageNet() ? 7 : 3;
    return new Conv("conv", spec.input().channels(), spec.width(), side, spec.imageNet() ? 2 : 1);
  }

  private static List<Block> blocks(Spec spec) {
    List<Block> blocks = new ArrayList<>();
    int in = spec.width();
    for (int stage = 0; stage < spec.blocks().size(); stage++) {
      int width = spec.width() << stage;
      for (int b = 0; b < spec.blocks().get(stage); b++) {
        String name = "s" + stage + "b" + b;
        int stride = stage > 0 && b == 0 ? 2 : 1;
        List<Conv> path = path(spec, name, in, width, stride);
        int out = path.get(path.size() - 1).out();
        Optional<Conv> skip =
            in == out && stride == 1
                ? Optional.empty()
                : Optional.of(new Conv(name + "_skip", in, out, 1, stride));
        blocks.add(new Block(path, skip));
        in = out;
      }
    }
    return blocks;
  }

  private static List<Conv> path(Spec spec, String name, int in, int width, int stride) {
    if (spec.depth() >= 50 && spec.imageNet()) {
      return List.of(
          new Conv(name + "_1", in, width, 1, 1),
          new Conv(name + "_2", width, width, 3, stride),
          new Conv(name + "_3", width, width * EXPANSION, 1, 1));
    }
    return List.of(
        new Conv(name + "_1", in, width, 3, stride), new Conv(name + "_2", width, width, 3, 1));
  }

  private static List<Conv> convolutions(Spec spec) {
    List<Conv> all = new ArrayList<>();
    all.add(stem(spec));
    for (Block block : blocks(spec)) {
      all.addAll(block.path());
      block.skip().ifPresent(all::add);
    }
    return all;
  }

  /** Width of the features before the last layer. */
  private static int features(Spec spec) {
    List<Block> blocks = blocks(spec);
    List<Conv> last = blocks.get(blocks.size() - 1).path();
    return last.get(last.size() - 1).out();
  }

  /** Freshly initialised tensors, by name. */
  public static Map<String, Tensor> initial(Spec spec, long seed) {
    Random random = new Random(seed);
    Map<String, Tensor> t = new LinkedHashMap<>();
    convolutions(spec).forEach(conv -> Layers.conv(t, random, conv));
    t.put("w", Layers.linear(random, features(spec), spec.classes()));
    t.put("b", Tensor.filled(0, spec.classes()));
    return t;
  }

  /** Multiply-accumulates of the convolutions and the last layer for one image. */
  public static long macs(Spec spec) {
    Conv stem = stem(spec);
    int height = stem.extent(spec.input().height());
    int width = stem.extent(spec.input().width());
    long macs = stem.macs(height, width);
    if (spec.imageNet()) {
      height = (height - 1) / 2 + 1;
      width = (width - 1) / 2 + 1;
    }
    for (Block block : blocks(spec)) {
      for (Conv conv : block.path()) {
        height = conv.extent(height);
        width = conv.extent(width);
        macs += conv.macs(height, width);
      }
      int h = height;
      int w = width;
      macs += block.skip().map(conv -> conv.macs(h, w)).orElse(0L);
    }
    return macs + (long) features(spec) * spec.classes();
  }

  /**
   * The form for training: {@code forward(images uint8 [b, height, width, channels], labels [b]
   * int64)} -> (cross entropy, logits [b, classes]).
   */
  public static ScriptModule training(Spec spec, Map<String, Tensor> tensors) {
    ScriptModule script = new ScriptModule();
    Layers.normalisation(script, spec.input());
    Layers.define(script, tensors, Set.of());
    return script.methods(logits(spec, false)).methods(FORWARD.indent(2));
  }

  /** The form for answering, batch norm folded: {@code logits(images)} -> [b, classes]. */
  public static ScriptModule serving(Spec spec, Map<String, Tensor> tensors) {
    ScriptModule script = new ScriptModule();
    Layers.normalisation(script, spec.input());
    for (Conv conv : convolutions(spec)) {
      Layers.fold(tensors, conv.name()).forEach(script::parameter);
    }
    script.parameter("w", tensors.get("w"));
    script.parameter("b", tensors.get("b"));
    return script.methods(logits(spec, true));
  }

  private static String logits(Spec spec, boolean folded) {
    StringBuilder body = new StringBuilder(Layers.normalise());
    body.append("x = torch.relu(").append(Layers.normed(stem(spec), folded, "x")).append(")\n");
    if (spec.imageNet()) {
      body.append("x = torch.max_pool2d(x, [3, 3], [2, 2], [1, 1], [1, 1], False)\n");
    }
    for (Block block : blocks(spec)) {
      String from = "x";
      for (int i = 0; i < block.path().size() - 1; i++) {
        String y = Layers.normed(block.path().get(i), folded, from);
        body.append("y = torch.relu(").append(y).append(")\n");
        from = "y";
      }
      String last = Layers.normed(block.path().get(block.path().size() - 1), folded, from);
      String skip = block.skip().map(conv -> Layers.normed(conv, folded, "x")).orElse("x");
      body.append("x = torch.relu(torch.add(").append(last).append(", ").append(skip);
      body.append("))\n");
    }
    body.append("x = torch.flatten(torch.adaptive_avg_pool2d(x, [1, 1]), 1)\n");
    body.append("return torch.add(torch.matmul(x, self.w), self.b)\n");
    return "  def logits(self: Self, images: Tensor) -> Tensor:\n" + body.toString().indent(4);
  }

  private static final String FORWARD =
      """
      def forward(self: Self, images: Tensor, labels: Tensor) -> Tuple[Tensor, Tensor]:
        logits = (self).logits(images)
        return (torch.cross_entropy_loss(logits, labels, None, 1, -100, 0.), logits)
      """;
}
