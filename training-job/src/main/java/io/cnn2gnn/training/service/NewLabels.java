package io.cnn2gnn.training.service;

import java.io.IOException;
import java.util.Optional;

/**
 * It is time when so many images were labelled since the last training.
 *
 * @param counter counts them
 * @param enough how many
 */
public record NewLabels(LabelCounter counter, int enough) implements Trigger {
  public NewLabels {
    if (enough < 1) {
      throw new IllegalArgumentException("at least one labelled image is needed: " + enough);
    }
  }

  @Override
  public Optional<String> fired(Optional<LastTraining> last)
      throws IOException, InterruptedException {
    int count = counter.count(last, enough);
    return count < enough
        ? Optional.empty()
        : Optional.of("at least %d images were labelled since the last training".formatted(count));
  }
}
