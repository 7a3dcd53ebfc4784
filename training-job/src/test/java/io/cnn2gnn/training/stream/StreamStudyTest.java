package io.cnn2gnn.training.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.cnn2gnn.model.torch.Torch;
import io.cnn2gnn.training.TestBundles;
import io.cnn2gnn.training.data.ImageSet;
import io.cnn2gnn.training.data.Sets;
import io.cnn2gnn.training.stream.StreamStudy.Line;
import java.io.ByteArrayInputStream;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
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
  void theGainLiesInItsInterval() throws Exception {
    Map<String, Double> tracks = named(study(Sets.tracks(12, 30, 2), 3), "3 tracks at a time");
    assertThat(tracks.get("gain")).isEqualTo(tracks.get("graph") - tracks.get("alone"));
    assertThat(tracks.get("low")).isLessThanOrEqualTo(tracks.get("gain"));
    assertThat(tracks.get("high")).isGreaterThanOrEqualTo(tracks.get("gain"));
  }

  @Test
  void thePictureAndTheCourseHaveTheStreamsInAnyOrder() throws Exception {
    List<Line> lines = study(Sets.tracks(12, 30, 2), 3);
    assertThat(ImageIO.read(new ByteArrayInputStream(StreamChart.png(lines))).getWidth())
        .isEqualTo(900);
    assertThat(StreamTable.courses(List.of(3L), List.of(lines)))
        .contains("3,\"shuffled, 10 % labelled\",540,");
    Course.Point last =
        lines.get(0).course().points().get(lines.get(0).course().points().size() - 1);
    assertThat(last.images()).isEqualTo(720);
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
        new HashMap<>(Map.of("alone", 0.5, "graph", 0.6, "gain", 0.1, "low", 0.08, "high", 0.12));
    a.putAll(Map.of("calibration", 0.01, "calibration alone", 0.05, "vote 3", 0.4, "vote 5", 0.45));
    Map<String, Double> b =
        new HashMap<>(Map.of("alone", 0.7, "graph", 0.9, "gain", 0.2, "low", 0.1, "high", 0.3));
    b.putAll(Map.of("calibration", 0.03, "calibration alone", 0.07, "vote 3", 0.6, "vote 5", 0.55));
    Course none = new Course(List.of());
    String table =
        StreamTable.markdown(
            List.of(List.of(new Line("s", 9, a, none)), List.of(new Line("s", 9, b, none))));
    assertThat(table)
        .contains(
            "| s | 9 | 60.00 | 75.00 | +15.00 (9.0 to 21.0) | 2.0, before 6.0 |", "| 50.00 (");
  }
}
