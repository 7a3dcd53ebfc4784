package io.cnn2gnn.page;

import io.cnn2gnn.schemas.avro.AnswerWithout;
import io.cnn2gnn.schemas.avro.Neighbour;
import io.cnn2gnn.schemas.avro.NeighbourTier;
import io.cnn2gnn.schemas.avro.Prediction;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What the neighbours of one kind did to an answer. */
final class Tiers {
  private static final String LABELLED = name(NeighbourTier.LABELLED);

  private Tiers() {}

  /**
   * One kind of neighbours.
   *
   * @param neighbours how many
   * @param weight of all of them: labelled images and all others each have at most one together
   * @param evidence by how much they raised the logarithm of the label's probability together, if
   *     the model says so
   * @param without what would have been answered without them, if the service says so
   */
  record Tier(
      String tier,
      int neighbours,
      double weight,
      Optional<Double> evidence,
      Optional<Views.Chance> without) {}

  /**
   * The kinds of neighbours that an answer has, those of most evidence or weight first; without
   * evidence labelled images come first.
   */
  static List<Tier> of(Prediction p) {
    Map<String, List<Neighbour>> kinds =
        p.getNeighbours().stream()
            .collect(Collectors.groupingBy(Tiers::name, TreeMap::new, Collectors.toList()));
    return kinds.entrySet().stream()
        .map(kind -> of(kind.getKey(), kind.getValue(), p.getWithout()))
        .sorted(Comparator.comparingDouble(Tiers::force).reversed())
        .toList();
  }

  private static Tier of(String tier, List<Neighbour> of, List<AnswerWithout> without) {
    boolean tell = of.stream().allMatch(n -> n.getEvidence() != null);
    return new Tier(
        tier,
        of.size(),
        of.stream().mapToDouble(Neighbour::getWeight).sum(),
        tell
            ? Optional.of(of.stream().mapToDouble(Neighbour::getEvidence).sum())
            : Optional.empty(),
        without.stream()
            .filter(one -> name(one.getTier()).equals(tier))
            .findFirst()
            .map(one -> Views.Chance.of(one.getAnswer())));
  }

  private static double force(Tier tier) {
    // A weight among labelled images and one among the others are no measure of each other.
    double own = tier.tier().equals(LABELLED) ? 1 : 0;
    return Math.abs(tier.evidence().orElse(own + tier.weight()));
  }

  /** The tier in which a neighbour was found; services of before tell its origin alone. */
  static String name(Neighbour n) {
    return name(n.getTier() == NeighbourTier.OTHER ? n.getOrigin() : n.getTier());
  }

  private static String name(Enum<?> tier) {
    return tier.name().toLowerCase(Locale.ROOT);
  }
}
