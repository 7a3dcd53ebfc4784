package io.cnn2gnn.topology.pages;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonParser;
import io.cnn2gnn.model.bundle.Bundle;
import io.cnn2gnn.model.drift.DriftReference;
import io.cnn2gnn.model.graph.Candidates;
import io.cnn2gnn.model.inference.StudentModel;
import io.cnn2gnn.model.inference.TestModels;
import io.cnn2gnn.model.torch.Torch;
import io.cnn2gnn.topology.serving.ActiveModel;
import io.cnn2gnn.topology.serving.Classifier;
import io.cnn2gnn.topology.serving.ServedModel;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class ModelPageTest {
  private static ServedModel served(Bundle bundle) throws Exception {
    StudentModel model = StudentModel.open(bundle, Torch.device("cpu"), Candidates.BOTH);
    return new ServedModel(model, Classifier.of(model));
  }

  @Test
  void tellsWhichModelAnswersAndSinceWhenWithoutTheLimitsOfDrift() throws Exception {
    AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-11-25T10:00:00Z"));
    Bundle first = TestModels.untrained(1);
    Map<String, Double> metrics =
        new HashMap<>(new DriftReference(500, Map.of("ant", 1.0), 3, 0.5, 2, 0.1, 0.3).metrics());
    metrics.put("accuracy", 0.5);
    Bundle measured =
        new Bundle(first.card().with(metrics), first.weights(), first.prototypes(), first.golden());
    try (ActiveModel models = new ActiveModel(served(TestModels.untrained(2)), now::get)) {
      ModelPage page = new ModelPage(models);
      assertThat(page.get(Map.of()).body().get("version").getAsString()).isEqualTo("v2");
      now.set(Instant.parse("2026-11-25T11:00:00Z"));
      models.replace(served(measured));
      now.set(Instant.parse("2026-11-25T12:00:00Z"));
      JsonPage.Reply reply = page.get(Map.of());
      assertThat(reply.status()).isEqualTo(200);
      assertThat(reply.body())
          .isEqualTo(
              JsonParser.parseString(
                  """
                  {"name": "test", "version": "v1", "space": "%s",
                   "since": "2026-11-25T11:00:00Z",
                   "classes": ["ant", "bee", "cat"], "metrics": {"accuracy": 0.5}}
                  """
                      .formatted(first.card().space())));
    }
  }
}
