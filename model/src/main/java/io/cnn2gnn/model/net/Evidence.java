package io.cnn2gnn.model.net;

import io.cnn2gnn.model.graph.Candidates;
import io.cnn2gnn.model.torch.Initial;
import io.cnn2gnn.model.torch.NetworkPart;
import io.cnn2gnn.model.torch.Parameter;
import io.cnn2gnn.model.torch.Script;
import io.cnn2gnn.model.torch.Tensor;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What neighbours add to an image's own answer: {@code evidence.py} has the equations, {@code
 * evidence_answer.py} their order. There are three tiers, each with its own reach, reliability and
 * strength: rows that somebody has labelled ({@code told}), the prototypes of the bundle ({@code
 * shown}) and the recent images of the same source ({@code heard}).
 */
record Evidence(StudentSpec spec, Candidates candidates) implements NetworkPart {
  /**
   * Labelled rows are few, and only the nearest tell of classes; as many as of prototypes vote on
   * whether the model is mistaken. Of prototypes and recent rows there are many; those that follow
   * each other are so much alike that it takes more of them to learn anything.
   */
  private static final int MORE = 3;

  /** How much an image's own answer counts beside its neighbours. */
  private static final String OWN = "own_strength";

  /** How much of what recent images say is said twice. */
  private static final String OVERLAP = "heard_overlap";

  private static final String STRENGTH = Tier.LABELLED.prefix() + "_strength";

  /** How much labelled rows count of which the model was mistaken. */
  private static final String WRONG = "told_wrong";

  /** How much it takes for the model to be doubted. */
  private static final String DOUBT = "doubt";

  private static final String DOUBT_WRONG = "doubt_wrong";

  /** Logarithm of a strength or overlap that float32 does not see beside 1. */
  private static final float NOTHING = -40;

  /** What came after the first students with evidence, as training begins with it. */
  private static final Map<String, Float> LATER =
      Map.of(OWN, 0f, OVERLAP, -1f, WRONG, 0f, DOUBT, -3f, DOUBT_WRONG, 0f, "doubt_right", 0f);

  @Override
  public List<Parameter> parameters() {
    Stream<Parameter> tiers =
        Arrays.stream(Tier.values())
            .map(Tier::prefix)
            .flatMap(
                tier ->
                    Stream.of(
                        scalar(tier + "_reach", Math.log(0.5)),
                        scalar(tier + "_a", 2),
                        scalar(tier + "_b", Math.log(10)),
                        scalar(tier + "_strength", 0)));
    Stream<Parameter> others =
        Stream.of(scalar("told_open", 0), scalar("heat", 0), scalar("fresh", -3));
    Stream<Parameter> later = LATER.keySet().stream().sorted().map(n -> scalar(n, LATER.get(n)));
    return Stream.of(tiers, others, later).flatMap(each -> each).toList();
  }

  private static Parameter scalar(String name, double value) {
    return Parameter.of(name, Initial.constant((float) value), 1);
  }

  @Override
  public List<Script> scripts() {
    return List.of(
        Script.of(Evidence.class, "evidence.py"),
        counted(Script.of(Evidence.class, "evidence_answer.py"))
            .with("WITH_MATES", candidates != Candidates.BANK));
  }

  /** Gives a script the numbers of neighbours. */
  Script counted(Script script) {
    return script.with("FEW", spec.neighbours()).with("MANY", MORE * spec.neighbours());
  }

  /** Tensors by which some tiers do not count; learned on, they go on so. */
  static Map<String, Tensor> without(Map<String, Tensor> tensors, Set<Tier> tiers) {
    Map<String, Tensor> less = new LinkedHashMap<>(tensors);
    tiers.forEach(tier -> less.put(tier.prefix() + "_strength", Tensor.filled(NOTHING, 1)));
    if (tiers.contains(Tier.LABELLED)) {
      List.of("told_open", WRONG, DOUBT, DOUBT_WRONG)
          .forEach(n -> less.put(n, Tensor.filled(NOTHING, 1)));
    }
    if (tiers.contains(Tier.RECENT)) {
      less.put(OVERLAP, Tensor.filled(NOTHING, 1));
    }
    return less;
  }

  /** Tensors by which no tier counts. */
  static Map<String, Tensor> silent(Map<String, Tensor> tensors) {
    Map<String, Tensor> silent = without(tensors, EnumSet.allOf(Tier.class));
    silent.put(OWN, Tensor.filled(0, 1));
    return silent;
  }

  /** Adds what students of before lack, such that they answer as before. */
  static Map<String, Tensor> completed(Map<String, Tensor> tensors) {
    Map<String, Tensor> all = new LinkedHashMap<>(tensors);
    all.putIfAbsent(OVERLAP, Tensor.filled(NOTHING, 1));
    all.putIfAbsent(DOUBT, Tensor.filled(NOTHING, 1));
    all.putIfAbsent(DOUBT_WRONG, Tensor.filled(NOTHING, 1));
    if (all.containsKey(STRENGTH)) {
      all.putIfAbsent(WRONG, all.get(STRENGTH));
    }
    return begun(all);
  }

  /** Adds what checkpoints of before lack, as a new run begins with it. */
  static Map<String, Tensor> begun(Map<String, Tensor> tensors) {
    Map<String, Tensor> all = new LinkedHashMap<>(tensors);
    LATER.forEach((name, value) -> all.putIfAbsent(name, Tensor.filled(value, 1)));
    return all;
  }

  /** Of the neighbours in each tier, the last in two rounds. */
  long macs() {
    return (1 + 3L * MORE) * spec.neighbours() * spec.classes();
  }
}
