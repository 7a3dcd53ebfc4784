package io.cnn2gnn.topology.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cnn2gnn.model.bundle.Bundle;
import io.cnn2gnn.model.graph.Candidates;
import io.cnn2gnn.model.inference.BankMatrix;
import io.cnn2gnn.model.inference.Query;
import io.cnn2gnn.model.inference.StudentModel;
import io.cnn2gnn.model.inference.TestModels;
import io.cnn2gnn.model.torch.Torch;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class ActiveModelTest {
  private static final Bundle[] BUNDLES = {TestModels.untrained(1), TestModels.untrained(2)};

  private static ServedModel open(int which) throws Exception {
    StudentModel model = StudentModel.open(BUNDLES[which], Torch.device("cpu"), Candidates.BOTH);
    return new ServedModel(model, Classifier.of(model));
  }

  @Test
  void aModelIsClosedByItsLastUser() throws Exception {
    ServedModel first = open(0);
    ActiveModel models = new ActiveModel(first);
    ServedModel used = models.acquire();
    models.replace(open(1));
    assertThat(used.retain()).isSameAs(first);
    used.close();
    used.close();
    assertThatThrownBy(first::retain).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(first::close).isInstanceOf(IllegalStateException.class);
    assertThat(models.card().version()).isEqualTo("v2");
    models.close();
  }

  @Test
  void nobodyEverMeetsAClosedModel() throws Exception {
    ActiveModel models = new ActiveModel(open(0));
    AtomicBoolean done = new AtomicBoolean();
    ExecutorService threads = Executors.newFixedThreadPool(3);
    List<Future<Integer>> users = new ArrayList<>();
    Query query = new Query("image", TestModels.noise(1, 7), Optional.empty());
    for (int i = 0; i < 3; i++) {
      users.add(
          threads.submit(
              () -> {
                int answered = 0;
                while (!done.get() || answered == 0) {
                  try (ServedModel model = models.acquire();
                      BankMatrix bank = model.model().newBank(0)) {
                    answered += model.classifier().classify(List.of(query), bank).size();
                  }
                }
                return answered;
              }));
    }
    for (int swap = 1; swap <= 40; swap++) {
      models.replace(open(swap % 2));
    }
    done.set(true);
    for (Future<Integer> user : users) {
      assertThat(user.get()).isPositive();
    }
    threads.shutdown();
    models.close();
  }
}
