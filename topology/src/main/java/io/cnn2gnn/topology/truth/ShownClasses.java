package io.cnn2gnn.topology.truth;

import io.cnn2gnn.topology.truth.TruthFigures.OfClass;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * The classes that metrics and events tell apart: the first of the model's own. Labels bring text
 * from outside, of which there may be any number: all others are one.
 */
final class ShownClasses {
  static final int MOST = 100;

  /** In brackets, since a model may have a class "other". */
  static final String OTHER = "(other)";

  private static final Pattern CONTROL = Pattern.compile("\\p{Cc}");

  private final Set<String> own = new HashSet<>();

  /**
   * Of a model.
   *
   * @param classes its own
   */
  ShownClasses(List<String> classes) {
    classes.stream().limit(MOST).map(ShownClasses::clean).forEach(own::add);
  }

  /** A class as it is shown: a control character is a question mark. */
  static String clean(String label) {
    return CONTROL.matcher(label).replaceAll("?");
  }

  /** The share of each class's images that were answered so. */
  Map<String, Double> recall(TruthFigures figures) {
    Map<String, Double> images = new TreeMap<>();
    Map<String, Double> right = new TreeMap<>();
    for (OfClass of : figures.classes()) {
      String shown = own.contains(of.label()) ? of.label() : OTHER;
      images.merge(shown, (double) of.judged(), Double::sum);
      right.merge(shown, (double) of.right(), Double::sum);
    }
    right.replaceAll((label, hits) -> hits / images.get(label));
    return right;
  }
}
