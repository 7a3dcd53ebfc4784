package io.cnn2gnn.training.data;

import io.cnn2gnn.model.bundle.ClassName;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The classes of files that hold numbers instead of names, and not always those from 0 on: a number
 * that no training image has is no class.
 *
 * @param numbers of the classes, ascending
 * @param names of the same
 */
record NumberedClasses(List<Integer> numbers, List<String> names) {
  /**
   * Of a training split.
   *
   * @param names for the classes in their order, or for all numbers from 0 on; empty to call them
   *     by their numbers
   * @throws IOException if there are too few
   */
  static NumberedClasses of(String set, int[] train, int[] test, List<String> names)
      throws IOException {
    List<Integer> shown = Arrays.stream(train).distinct().sorted().boxed().toList();
    if (names.isEmpty()) {
      return new NumberedClasses(shown, shown.stream().map(String::valueOf).toList());
    }
    List<String> written = names.stream().map(ClassName::of).toList();
    if (names.size() == shown.size()) {
      return new NumberedClasses(shown, written);
    }
    int highest = Math.max(highest(train), highest(test));
    if (names.size() <= highest) {
      throw new IOException(
          "%s: names are given for %d of %d classes".formatted(set, names.size(), highest + 1));
    }
    return new NumberedClasses(IntStream.range(0, names.size()).boxed().toList(), written);
  }

  private static int highest(int[] numbers) {
    return Arrays.stream(numbers).max().orElse(0);
  }

  /**
   * Labels by the index of their class.
   *
   * @throws IOException if one has no class
   */
  int[] labels(String split, int[] images) throws IOException {
    int[] labels = new int[images.length];
    for (int i = 0; i < labels.length; i++) {
      labels[i] = numbers.indexOf(images[i]);
      if (labels[i] < 0) {
        throw new IOException(
            "%s has images of class %d, of which there is none to learn from"
                .formatted(split, images[i]));
      }
    }
    return labels;
  }
}
