package io.cnn2gnn.topology.truth;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ShownClassesTest {
  private final TruthWindow window = new TruthWindow();

  private TruthFigures figures() {
    return window.figures("m:1", Optional.empty());
  }

  @Test
  void whatIsNoClassOfTheModelIsOneClass() {
    window.add("ant", "ant");
    window.add("bee", "ant");
    window.add("ant", "of somebody");
    window.add("of somebody else", "of somebody else");

    assertThat(new ShownClasses(List.of("ant", "bee")).recall(figures()))
        .containsOnlyKeys("ant", ShownClasses.OTHER)
        .containsEntry("ant", 0.5)
        .containsEntry(ShownClasses.OTHER, 0.5);
  }

  @Test
  void aModelOfManyClassesShowsTheFirst() {
    List<String> own = IntStream.range(0, 300).mapToObj(i -> "class " + i).toList();
    own.forEach(label -> window.add(label, label));

    assertThat(new ShownClasses(own).recall(figures()))
        .hasSize(ShownClasses.MOST + 1)
        .containsKeys("class 0", "class 99", ShownClasses.OTHER)
        .doesNotContainKey("class 100");
  }

  @Test
  void controlCharactersAreShownByNobody() {
    window.add("\u001b[2J", "\u009b31m\n");
    window.add("own\u0007", "own\u0007");

    assertThat(figures().mistakes()).containsExactly(new TruthFigures.Mistake("?31m?", "?[2J", 1));
    assertThat(new ShownClasses(List.of("own\u0007")).recall(figures()))
        .containsEntry("own?", 1.0)
        .containsEntry(ShownClasses.OTHER, 0.0);
  }
}
