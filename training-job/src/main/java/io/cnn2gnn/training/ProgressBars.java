package io.cnn2gnn.training;

import io.cnn2gnn.training.fit.Progress;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;

/** Shows training as one progress bar per epoch, with the running loss, on standard error. */
public final class ProgressBars implements TrainListener, AutoCloseable {
  private static final int REFRESH_MILLIS = 1000;

  private ProgressBar bar;

  @Override
  public Progress phase(String name) {
    return new Progress() {
      private double loss;

      @Override
      public void epoch(int epoch, int epochs, int images) {
        close();
        loss = Double.NaN;
        bar =
            new ProgressBarBuilder()
                .setTaskName("%s %d/%d".formatted(name, epoch, epochs))
                .setInitialMax(images)
                .setUnit(" img", 1)
                .setUpdateIntervalMillis(REFRESH_MILLIS)
                .showSpeed()
                .build();
      }

      @Override
      public void step(int images, float now) {
        loss = Double.isNaN(loss) ? now : 0.98 * loss + 0.02 * now;
        bar.stepBy(images);
        bar.setExtraMessage("loss %.4f".formatted(loss));
      }
    };
  }

  @Override
  public void close() {
    if (bar != null) {
      bar.close();
    }
  }
}
