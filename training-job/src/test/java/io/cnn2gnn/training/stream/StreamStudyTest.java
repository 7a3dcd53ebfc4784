package io.cnn2gnn.training.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.cnn2gnn.model.torch.Torch;
import io.cnn2gnn.training.TestBundles;
import io.cnn2gnn.training.data.ImageSet;
import io.cnn2gnn.training.data.Sets;
import io.cnn2gnn.training.stream.StreamStudy.Line;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StreamStudyTest {
  private static List<Line> study(ImageSet set, long seed) throws Exception {
    return new StreamStudy(TestBundles.untrained("m", "1", Map.of()), set, Torch.device("cpu"))
        .run(seed);
  }

  @Test
  void eachScenarioAnswersEveryImageAndTheSeedDecides() throws Exception {
    ImageSet set = Sets.tracks(12, 6, 2);
    List<Line> lines = study(set, 3);
    assertThat(lines).hasSize(11);
    for (Line line : lines) {
      assertThat(line.images()).isEqualTo(line.scenario().contains("third") ? 48 : 144);
      assertThat(line.figures()).containsKeys("alone", "graph", "calibration");
      assertThat(line.figures().containsKey("lame")).isEqualTo(!line.scenario().contains("label"));
    }
    assertThat(study(set, 3)).isEqualTo(lines);
  }

  @Test
  void labelsTeachTheStreamWhatTheModelDoesNotKnow() throws Exception {
    List<Line> lines = study(Sets.tracks(12, 30, 2), 3);
    Map<String, Double> without = named(lines, "shuffled");
    Map<String, Double> with = named(lines, "shuffled, 10 % labelled");
    assertThat(with.get("alone")).isEqualTo(without.get("alone"));
    assertThat(with.get("graph")).isGreaterThan(without.get("graph") + 0.1);
  }

  private static Map<String, Double> named(List<Line> lines, String name) {
    return lines.stream()
        .filter(line -> line.scenario().equals(name))
        .findFirst()
        .orElseThrow()
        .figures();
  }

  @Test
  void aSetWithoutTracksIsShuffledOnly() throws Exception {
    ImageSet set = Sets.tracks(1, 40, 2);
    assertThat(study(set, 3))
        .extracting(Line::scenario)
        .allMatch(name -> name.contains("shuffled"));
  }

  @Test
  void theTableHasMediansOverTheSeedsAndTheBestOfEachKindOfFilter() {
    Map<String, Double> a =
        Map.of("alone", 0.5, "graph", 0.6, "calibration", 0.01, "vote 3", 0.4, "vote 5", 0.45);
    Map<String, Double> b =
        Map.of("alone", 0.7, "graph", 0.9, "calibration", 0.03, "vote 3", 0.6, "vote 5", 0.55);
    String table =
        StreamTable.markdown(List.of(List.of(new Line("s", 9, a)), List.of(new Line("s", 9, b))));
    assertThat(table).contains("| s | 9 | 60.00 | 75.00 | +15.00 | 2.00 |", "| 50.00 (");
  }
}
