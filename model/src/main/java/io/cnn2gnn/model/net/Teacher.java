package io.cnn2gnn.model.net;

import io.cnn2gnn.model.image.InputSpec;
import io.cnn2gnn.model.torch.Initial;
import io.cnn2gnn.model.torch.Parameter;
import io.cnn2gnn.model.torch.Parameters;
import io.cnn2gnn.model.torch.Script;
import io.cnn2gnn.model.torch.ScriptModule;
import io.cnn2gnn.model.torch.Tensor;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

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
   * @param width channels of the first stage; the paper's is 16 (CIFAR) or 64 (ImageNet)
   * @param classes number of classes, at least 2
   */
  public record Spec(InputSpec input, int depth, int width, int classes) {
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
      if (width < 1 || width > 1024) {
        throw new IllegalArgumentException("a teacher's width must be 1 to 1024: " + width);
      }
      if (classes < 2) {
        throw new IllegalArgumentException("a classifier needs at least two classes: " + classes);
      }
    }

    private boolean imageNet() {
      return IMAGENET.containsKey(depth);
    }

    private ResNet net() {
      int n = (depth - 2) / 6;
      List<Integer> stages = imageNet() ? IMAGENET.get(depth) : List.of(n, n, n);
      return ResNet.of(input.channels(), width, stages, imageNet(), imageNet() && depth >= 50);
    }

    /** Short name, such as {@code resnet20x16}. */
    public String name() {
      return "resnet" + depth + "x" + width;
    }
  }

  /** The linear layer behind the last block. */
  private static Parameters last(Spec spec) {
    return new Parameters(
        List.of(
            Parameter.of("w", Initial.glorot(), spec.net().features(), spec.classes()),
            Parameter.of("b", Initial.constant(0), spec.classes())));
  }

  private static Parameters parameters(Spec spec) {
    return new Parameters(
        Stream.concat(spec.net().convolutions().parameters().stream(), last(spec).all().stream())
            .toList());
  }

  /** Freshly initialised tensors, by name. */
  public static Map<String, Tensor> initial(Spec spec, long seed) {
    return parameters(spec).initial(seed);
  }

  /** Multiply-accumulates of the convolutions and the last layer for one image. */
  public static long macs(Spec spec) {
    ResNet net = spec.net();
    return net.macs(spec.input().height(), spec.input().width())
        + (long) net.features() * spec.classes();
  }

  /**
   * The form for training: {@code forward(images uint8 [b, height, width, channels], labels [b]
   * int64)} -> (cross entropy, logits [b, classes]).
   */
  public static ScriptModule training(Spec spec, Map<String, Tensor> tensors) {
    ScriptModule module = Normalisation.define(new ScriptModule(), spec.input());
    parameters(spec).define(module, tensors);
    return spec.net()
        .convolutions()
        .normed(module)
        .methods(spec.net().script())
        .methods(Script.of(Teacher.class, "resnet_training.py"));
  }

  /** The form for answering, batch norm folded: {@code logits(images)} -> [b, classes]. */
  public static ScriptModule serving(Spec spec, Map<String, Tensor> tensors) {
    ScriptModule module = Normalisation.define(new ScriptModule(), spec.input());
    last(spec).define(module, tensors);
    return spec.net().convolutions().folded(module, tensors).methods(spec.net().script());
  }
}
