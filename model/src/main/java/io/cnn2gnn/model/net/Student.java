package io.cnn2gnn.model.net;

import io.cnn2gnn.model.graph.Candidates;
import io.cnn2gnn.model.graph.GraphHead;
import io.cnn2gnn.model.torch.NetworkPart;
import io.cnn2gnn.model.torch.Parameters;
import io.cnn2gnn.model.torch.Script;
import io.cnn2gnn.model.torch.ScriptModule;
import io.cnn2gnn.model.torch.Tensor;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The student as TorchScript: {@link Stem} -> {@link Projection} -> {@link GraphHead} over batch
 * and bank, and what an image makes of its neighbours there ({@link Head}): {@link Evidence} beside
 * the answer of a {@link Classifier}, or {@link GraphLayers}. An image never sees its own label.
 *
 * <p>An image's <em>row</em>, float32 [rowLength], is all that others need to have it as a
 * neighbour, so no neighbour is ever recomputed (the historical embeddings of GNNAutoScale, arXiv
 * 2106.05609). It begins with the metric vector.
 */
public final class Student {
  private Student() {}

  /** All behind the stem. */
  private static List<NetworkPart> parts(StudentSpec spec, Candidates candidates) {
    GraphHead graph = new GraphHead(spec.ranking(), spec.neighbours(), candidates);
    return spec.head() == Head.LAYERS
        ? List.of(new Projection(spec), graph, new GraphLayers(spec))
        : List.of(
            new Projection(spec), graph, new Classifier(spec), new Evidence(spec, candidates));
  }

  private static Parameters parameters(StudentSpec spec) {
    return Parameters.of(
        Stream.concat(
                Stream.of(Stem.of(spec).convolutions()), parts(spec, Candidates.BOTH).stream())
            .toList());
  }

  /** Freshly initialised tensors, by name. */
  public static Map<String, Tensor> initial(StudentSpec spec, long seed) {
    return parameters(spec).initial(seed);
  }

  /**
   * Checks that tensors are those of a student of this shape.
   *
   * @throws IllegalArgumentException naming a tensor that is missing, superfluous or misshapen
   */
  public static void check(StudentSpec spec, Map<String, Tensor> tensors) {
    parameters(spec).check(completed(spec, tensors));
  }

  private static Map<String, Tensor> completed(StudentSpec spec, Map<String, Tensor> tensors) {
    return spec.head() == Head.EVIDENCE ? Evidence.completed(tensors) : tensors;
  }

  /**
   * The form in which an image's own answer and the metric learn: {@code distilled_training.py} has
   * its arguments. A bank row whose id is an image's own is no candidate for it.
   */
  public static ScriptModule training(StudentSpec spec, Map<String, Tensor> tensors) {
    ScriptModule module = Normalisation.define(new ScriptModule(), spec.input());
    Stem stem = Stem.of(spec);
    List<NetworkPart> parts =
        List.of(
            stem.convolutions(),
            new Projection(spec),
            new GraphHead(spec.ranking(), spec.neighbours(), Candidates.BOTH),
            new Classifier(spec));
    Parameters.of(parts).define(module, tensors);
    parts.subList(1, parts.size()).forEach(part -> module.methods(part.scripts()));
    return stem.convolutions()
        .normed(module)
        .methods(stem.script(false))
        .methods(script("distillation.py"))
        .methods(script("neighbourhood.py"))
        .methods(
            script("distilled_training.py")
                .with("METRIC", new Projection(spec).learns() && spec.keep() > 0));
  }

  /**
   * The form in which {@link Head#EVIDENCE} learns: see {@code evidence_training.py}. Its
   * parameters are those of the evidence alone. The metric is not one of them: it would learn the
   * few images by heart.
   *
   * @param smoothing of the labels, in [0, 1): how much less sure answers become than the images
   *     that they learn from allow
   */
  public static ScriptModule evidence(
      StudentSpec spec, Map<String, Tensor> tensors, double smoothing) {
    List<NetworkPart> parts =
        List.of(
            new GraphHead(spec.ranking(), spec.neighbours(), Candidates.BOTH),
            new Evidence(spec, Candidates.BOTH));
    ScriptModule module = new ScriptModule();
    Parameters.of(parts).define(module, Evidence.begun(tensors));
    parts.forEach(part -> module.methods(part.scripts()));
    return module.methods(
        new Evidence(spec, Candidates.BOTH)
            .counted(script("evidence_training.py"))
            .with("SMOOTHING", smoothing));
  }

  /** The same student, but one that heeds no neighbour (A = I). */
  public static Map<String, Tensor> alone(Map<String, Tensor> tensors) {
    return Evidence.silent(tensors);
  }

  /** The same student, but one that does not hear some tiers of neighbours, nor learns to. */
  public static Map<String, Tensor> without(Map<String, Tensor> tensors, Set<Tier> tiers) {
    return Evidence.without(Evidence.begun(tensors), tiers);
  }

  /**
   * The form for serving, batch norm folded. With evidence: {@code evidence_serving.py} has its
   * methods. With graph layers: {@code forward(images, known [b], bank, bankKnown [m], keep)} ->
   * (logits [b, classes], rows [b, rowLength], index [b, k] int64, weight [b, k]), where an index
   * below b names a batch mate and b + r the bank's row r. {@code serve(images, known, metrics,
   * bank, bankKnown, keep)} is the same for who has the bank's metric vectors [m, projection] by
   * themselves. {@code stem(images)} -> (x, v), {@code graph(v, metrics)} -> (index, weight) and
   * {@code layers(x, v, index, weight, known, bank, bankKnown, keep)} -> (logits, rows) are its
   * parts. For {@code labelled} see {@link GraphHead#labelled}.
   */
  public static ScriptModule serving(
      StudentSpec spec, Map<String, Tensor> tensors, Candidates candidates) {
    ScriptModule module = answering(spec, tensors, candidates);
    return spec.head() == Head.EVIDENCE
        ? module
        : module.methods(script("student_forward.py").with("PROJECTION", spec.projection()));
  }

  /**
   * The form that stands by itself, for who has neither a bank nor this project: {@code
   * forward(images)} -> logits [b, classes] of images beside the prototypes alone, and {@code
   * golden()} -> images and the logits of each.
   *
   * @param prototypes what others see of them, float32 [m, rowLength]
   * @param labels of the prototypes, by index
   * @param images golden ones, float32 [g, height, width, channels]
   * @param logits of them, float32 [g, classes]
   */
  public static ScriptModule exported(
      StudentSpec spec,
      Map<String, Tensor> tensors,
      Tensor prototypes,
      List<Integer> labels,
      Tensor images,
      Tensor logits) {
    boolean evidence = spec.head() == Head.EVIDENCE;
    Tensor seen = evidence ? prototypes.columns(spec.projection()) : prototypes;
    float[] classes = new float[labels.size()];
    for (int i = 0; i < classes.length; i++) {
      classes[i] = labels.get(i);
    }
    ScriptModule module =
        answering(spec, tensors, Candidates.BANK)
            .constant("prototypes", seen)
            .constant("prototype_labels", new Tensor(new long[] {classes.length}, classes))
            .constant("golden_images", images)
            .constant("golden_logits", logits)
            .methods(script("export_golden.py"));
    return evidence
        ? module.methods(script("evidence_export.py").with("CLASSES", spec.classes()))
        : module
            .constant("loudness", new Tensor(new long[0], new float[] {spec.keep()}))
            .methods(script("layers_export.py").with("PROJECTION", spec.projection()));
  }

  private static ScriptModule answering(
      StudentSpec spec, Map<String, Tensor> tensors, Candidates candidates) {
    ScriptModule module = Normalisation.define(new ScriptModule(), spec.input());
    Parameters.of(parts(spec, candidates)).define(module, completed(spec, tensors));
    Stem stem = Stem.of(spec);
    if (spec.head() == Head.EVIDENCE) {
      parts(spec, candidates).forEach(part -> module.methods(part.scripts()));
      return stem.convolutions()
          .folded(module, tensors)
          .methods(stem.script(true))
          .methods(script("evidence_left_out.py"))
          .methods(
              new Evidence(spec, candidates)
                  .counted(script("evidence_serving.py"))
                  .with("CLASSES", spec.classes()));
    }
    return stem.convolutions()
        .folded(module, tensors)
        .methods(stem.script(true))
        .methods(answer(spec, candidates))
        .methods(new GraphHead(spec.ranking(), spec.neighbours(), candidates).labelled())
        .methods(script("student_serving.py"));
  }

  private static List<Script> answer(StudentSpec spec, Candidates candidates) {
    return Stream.concat(
            parts(spec, candidates).stream().flatMap(part -> part.scripts().stream()),
            Stream.of(script("student.py")))
        .toList();
  }

  private static Script script(String file) {
    return Script.of(Student.class, file);
  }

  /**
   * Multiply-accumulates for one image: stem, projection, its own answer and its neighbours; the
   * search of a bank of m rows costs m times the projection's width more.
   */
  public static long macs(StudentSpec spec) {
    long head =
        spec.head() == Head.LAYERS
            ? new GraphLayers(spec).macs()
            : new Classifier(spec).macs() + new Evidence(spec, Candidates.BOTH).macs();
    return Stem.of(spec).macs() + new Projection(spec).macs() + head;
  }
}
