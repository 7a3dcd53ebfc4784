package io.cnn2gnn.training;

import io.cnn2gnn.training.fit.Epoch;
import io.cnn2gnn.training.fit.Progress;
import java.time.Duration;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;

/** Shows a phase of training as one progress bar with its remaining time, on standard error. */
public final class ProgressBars implements TrainListener, AutoCloseable {
  private static final int REFRESH_MILLIS = 1000;

  private ProgressBar bar;

  @Override
  public Progress phase(String name) {
    close();
    return new Bar(name);
  }

  private final class Bar implements Progress {
    private final String name;
    private String epochText = "";
    private String heldOut = "";
    private double loss = Double.NaN;

    Bar(String name) {
      this.name = name;
    }

    @Override
    public void epoch(int epoch, int epochs, int images) {
      epochText = "%d/%d".formatted(epoch, epochs);
      if (bar == null) {
        bar =
            new ProgressBarBuilder()
                .setTaskName(name)
                .setInitialMax((long) epochs * images)
                .startsFrom((epoch - 1L) * images, Duration.ZERO)
                .setUnit(" img", 1)
                .setUpdateIntervalMillis(REFRESH_MILLIS)
                .build();
      }
    }

    @Override
    public void answered(int images) {
      bar.setExtraMessage(epochText + ", asking the teacher");
    }

    @Override
    public void step(int images, float now) {
      loss = Double.isNaN(loss) ? now : 0.98 * loss + 0.02 * now;
      bar.stepBy(images);
      bar.setExtraMessage("%s, loss %.3f%s".formatted(epochText, loss, heldOut));
    }

    @Override
    public void done(Epoch epoch) {
      heldOut = ", held out %.3f".formatted(epoch.heldOut());
    }
  }

  @Override
  public void close() {
    if (bar != null) {
      bar.close();
      bar = null;
    }
  }
}
