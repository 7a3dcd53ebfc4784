package io.cnn2gnn.model.net;

import io.cnn2gnn.model.graph.Candidates;
import io.cnn2gnn.model.graph.GraphHead;
import io.cnn2gnn.model.torch.ScriptModule;
import io.cnn2gnn.model.torch.Tensor;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;

/**
 * The two-layer GNN student as TorchScript: stem -> pooled x -> v = Wp x / |Wp x| -> graph P over
 * batch and bank -> logits.
 *
 * <pre>
 *   m1_i = x_i W1          h_i = relu((1 - mix) m1_i + mix sum_j p_ij m1_j + b1)
 *   m2_i = h_i W2     logits_i =      (1 - mix) m2_i + mix sum_j p_ij m2_j + b2
 * </pre>
 *
 * An image's <em>row</em> is (v, m1, m2): all that others need to have it as a neighbour, so no
 * neighbour is ever recomputed (the historical embeddings of GNNAutoScale, arXiv 2106.05609).
 *
 * <p>Both scripts take images as uint8 [b, height, width, channels] and a bank as float32 [m,
 * rowLength].
 */
public final class Student {
  private Student() {}

  /** Freshly initialised tensors, by name. */
  public static Map<String, Tensor> initial(StudentSpec spec, long seed) {
    Random random = new Random(seed);
    Map<String, Tensor> t = new LinkedHashMap<>();
    int in = spec.input().channels();
    for (int i = 0; i < spec.widths().size(); i++) {
      Layers.conv(t, random, "conv" + i, in, spec.widths().get(i), 3);
      in = spec.widths().get(i);
    }
    in = spec.features();
    t.put("projection", Layers.linear(random, in, spec.projection()));
    t.put("w1", Layers.linear(random, in, spec.hidden()));
    t.put("b1", Tensor.filled(0, spec.hidden()));
    t.put("w2", Layers.linear(random, spec.hidden(), spec.classes()));
    t.put("b2", Tensor.filled(0, spec.classes()));
    return t;
  }

  /**
   * Checks that tensors are those of a student of this shape.
   *
   * @throws IllegalArgumentException naming a tensor that is missing, superfluous or misshapen
   */
  public static void check(StudentSpec spec, Map<String, Tensor> tensors) {
    Map<String, Tensor> expected = initial(spec, 0);
    if (!expected.keySet().equals(tensors.keySet())) {
      throw new IllegalArgumentException(
          "tensors " + tensors.keySet() + " are not " + expected.keySet());
    }
    expected.forEach(
        (name, tensor) -> {
          if (!Arrays.equals(tensor.shape(), tensors.get(name).shape())) {
            throw new IllegalArgumentException(
                "tensor " + name + ": " + tensors.get(name) + ", expected " + tensor);
          }
        });
  }

  /**
   * The form for training: {@code forward(images, bank, mix, labels [b] int64, teacher [b,
   * classes], lambda, temperature)} -> (loss, logits, rows without gradient), the loss being {@link
   * Distillation}. mix, lambda and temperature are scalars.
   */
  public static ScriptModule training(StudentSpec spec, Map<String, Tensor> tensors) {
    ScriptModule script = new ScriptModule();
    Layers.normalisation(script, spec.input());
    Layers.define(script, tensors);
    StringBuilder stem = new StringBuilder();
    for (int i = 0; i < spec.widths().size(); i++) {
      stem.append(relu(Layers.convolutionAndNorm("conv" + i, spec.strides().get(i), 1)));
    }
    return script
        .methods(GraphHead.source(spec.neighbours(), Candidates.BOTH))
        .methods(Distillation.source())
        .methods(embed(spec, stem) + answer(spec))
        .methods(TRAIN.indent(2));
  }

  /**
   * The form for serving, batch norm folded: {@code forward(images, bank, mix)} -> (logits [b,
   * classes], rows [b, rowLength], index [b, k] int64, weight [b, k]), where an index below b names
   * a batch mate and b + r the bank's row r.
   */
  public static ScriptModule serving(
      StudentSpec spec, Map<String, Tensor> tensors, Candidates candidates) {
    ScriptModule script = new ScriptModule();
    Layers.normalisation(script, spec.input());
    StringBuilder stem = new StringBuilder();
    for (int i = 0; i < spec.widths().size(); i++) {
      String name = "conv" + i;
      Layers.fold(tensors, name).forEach(script::parameter);
      stem.append(
          relu(Layers.convolution(name, "self." + name + "_bias", spec.strides().get(i), 1)));
    }
    for (String name : new String[] {"projection", "w1", "b1", "w2", "b2"}) {
      script.parameter(name, tensors.get(name));
    }
    return script
        .methods(GraphHead.source(spec.neighbours(), candidates))
        .methods(embed(spec, stem) + answer(spec))
        .methods(SERVE.indent(2));
  }

  private static String relu(String expression) {
    return "x = torch.relu_(" + expression.replace("{x}", "x") + ")\n";
  }

  private static String embed(StudentSpec spec, CharSequence stem) {
    return "  def embed(self: Self, images: Tensor) -> Tensor:\n"
        + (Layers.normalise()
                + stem
                + "return torch.flatten(torch.adaptive_avg_pool2d(x, [%d, %d]), 1)\n"
                    .formatted(spec.pool(), spec.pool()))
            .indent(4);
  }

  private static String answer(StudentSpec spec) {
    int q = spec.projection();
    int h = q + spec.hidden();
    return ANSWER
        .replace("{Q}", Integer.toString(q))
        .replace("{H}", Integer.toString(h))
        .replace("{R}", Integer.toString(spec.rowLength()))
        .indent(2);
  }

  private static final String ANSWER =
      """
      def answer(self: Self, x: Tensor, bank: Tensor, mix: Tensor) -> Tuple[Tensor, Tensor, Tensor, Tensor]:
        u = torch.matmul(x, self.projection)
        v = torch.div(u, torch.clamp_min(torch.norm(u, 2, [1], True), 1.0e-12))
        i, p = (self).neighbours(v, torch.slice(bank, 1, 0, {Q}))
        m1 = torch.matmul(x, self.w1)
        a1 = (self).propagate(i, p, m1, torch.slice(bank, 1, {Q}, {H}), mix)
        m2 = torch.matmul(torch.relu(torch.add(a1, self.b1)), self.w2)
        a2 = (self).propagate(i, p, m2, torch.slice(bank, 1, {H}, {R}), mix)
        rows = torch.detach(torch.cat([v, m1, m2], 1))
        return (torch.add(a2, self.b2), rows, i, p)
      """;

  private static final String TRAIN =
      """
      def forward(self: Self, images: Tensor, bank: Tensor, mix: Tensor, labels: Tensor, teacher: Tensor, lam: Tensor, temperature: Tensor) -> Tuple[Tensor, Tensor, Tensor]:
        logits, rows, i, p = (self).answer((self).embed(images), bank, mix)
        return ((self).distil(logits, labels, teacher, lam, temperature), logits, rows)
      """;

  private static final String SERVE =
      """
      def forward(self: Self, images: Tensor, bank: Tensor, mix: Tensor) -> Tuple[Tensor, Tensor, Tensor, Tensor]:
        return (self).answer((self).embed(images), bank, mix)
      """;
}
