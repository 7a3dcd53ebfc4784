package io.cnn2gnn.topology.pages;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonParser;
import io.cnn2gnn.model.bundle.ModelCard;
import io.cnn2gnn.model.inference.TestModels;
import io.cnn2gnn.topology.metrics.AppMetrics;
import io.cnn2gnn.topology.truth.TruthMonitor;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AccuracyPageTest {
  private final ModelCard card = TestModels.untrained(1).card().with(Map.of("accuracy", 0.75));
  private final TruthMonitor truths =
      new TruthMonitor(
          () -> card, new AppMetrics(new SimpleMeterRegistry()).counter(TruthMonitor.METER));

  @Test
  void saysHowRightTheModelsWereAndWhatWasTakenForWhat() {
    truths.told("test:v0", "ant", "ant");
    truths.told("test:v1", "ant", "ant");
    truths.told("test:v1", "ant", "bee");

    JsonPage.Reply reply = new AccuracyPage(truths).get(Map.of());
    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.body())
        .isEqualTo(
            JsonParser.parseString(
                """
                {"inService":
                   {"model": "test:v1", "ever": 2, "judged": 2, "accuracy": 0.5, "usual": 0.75,
                    "classes": [{"label": "ant", "judged": 1, "right": 1, "recall": 1.0},
                                {"label": "bee", "judged": 1, "right": 0, "recall": 0.0}],
                    "mistakes": [{"truth": "bee", "answered": "ant", "count": 1}]},
                 "before": [
                   {"model": "test:v0", "ever": 1, "judged": 1, "accuracy": 1.0,
                    "classes": [{"label": "ant", "judged": 1, "right": 1, "recall": 1.0}],
                    "mistakes": []}]}
                """));
  }

  @Test
  void beforeTheFirstJudgedAnswerTheModelHasNoAccuracy() {
    assertThat(new AccuracyPage(truths).get(Map.of()).body())
        .isEqualTo(
            JsonParser.parseString(
                """
                {"inService": {"model": "test:v1", "ever": 0, "judged": 0, "usual": 0.75,
                               "classes": [], "mistakes": []},
                 "before": []}
                """));
  }
}
