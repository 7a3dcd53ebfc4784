package io.cnn2gnn.training;

import io.cnn2gnn.training.fit.Epoch;
import io.cnn2gnn.training.fit.HeldOut;
import io.cnn2gnn.training.fit.Progress;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;

/**
 * Shows on standard error how long a run will take, and how far it is: a phase as one progress bar
 * with its remaining time, or where there is no terminal each epoch as a line.
 */
public final class ProgressBars implements TrainListener, AutoCloseable {
  private static final int REFRESH_MILLIS = 1000;

  private final PrintStream out;
  private final boolean terminal;
  private ProgressBar bar;

  /** Shows bars if standard error is a terminal. */
  public ProgressBars() {
    this(System.err, isTerminal(Path.of("/proc/self/fd/2")));
  }

  /** As Linux knows it; from Java 22 on, {@link System#console()} tells nothing. */
  private static boolean isTerminal(Path descriptor) {
    try {
      return Files.readSymbolicLink(descriptor).toString().matches("/dev/(pts/|tty|console).*");
    } catch (IOException e) {
      return false;
    }
  }

  ProgressBars(PrintStream out, boolean terminal) {
    this.out = out;
    this.terminal = terminal;
  }

  @Override
  public void begin(Forecast forecast) throws IOException, InterruptedException {
    out.println("This run will take " + about(forecast.duration()) + " on this machine.");
  }

  /** A duration in words, as exactly as a few timed steps can tell it. */
  static String about(Duration duration) {
    long seconds = duration.toSeconds();
    if (seconds < 10) {
      return "less than 10 s";
    }
    if (seconds < 90) {
      return "about %d s".formatted(Math.round(seconds / 10.0) * 10);
    }
    long minutes = Math.round(seconds / 60.0);
    return minutes < 90
        ? "about %d min".formatted(minutes)
        : "about %d h %d min".formatted(minutes / 60, minutes % 60);
  }

  @Override
  public Progress phase(String name) {
    close();
    return terminal ? new Bar(name) : new Lines(name);
  }

  @Override
  public void weighing(int images) {
    close();
    out.printf(Locale.ROOT, "learning from %d other images what neighbours are worth%n", images);
  }

  @Override
  public void measuring(int images) {
    close();
    out.printf(Locale.ROOT, "measuring on %d test images%n", images);
  }

  private final class Lines implements Progress {
    private final String name;
    private int epochs;

    Lines(String name) {
      this.name = name;
    }

    @Override
    public void epoch(int epoch, int of, int images) {
      epochs = of;
    }

    @Override
    public void step(int images, float loss) {}

    @Override
    public void done(Epoch epoch, HeldOut.Split split) {
      out.printf(
          Locale.ROOT,
          "%s epoch %d/%d: %s accuracy %.3f, train accuracy %.3f, train loss %.3f, %.0f s%n",
          name,
          epoch.epoch(),
          epochs,
          split.word(),
          epoch.heldOut(),
          epoch.accuracy(),
          epoch.loss(),
          epoch.seconds());
    }
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
      epochText = "epoch %d/%d".formatted(epoch, epochs);
      if (bar == null) {
        bar =
            new ProgressBarBuilder()
                .setTaskName(name)
                .setInitialMax((long) epochs * images)
                .startsFrom((epoch - 1L) * images, Duration.ZERO)
                .setUpdateIntervalMillis(REFRESH_MILLIS)
                .setRenderer(new BarLine())
                .build();
      }
    }

    @Override
    public void answered(int images) {
      bar.setExtraMessage(epochText + BarLine.BETWEEN + "asking the teacher");
    }

    @Override
    public void step(int images, float now) {
      loss = Double.isNaN(loss) ? now : 0.98 * loss + 0.02 * now;
      bar.stepBy(images);
      bar.setExtraMessage(
          String.format(Locale.ROOT, "%s%s%sloss %.3f", epochText, heldOut, BarLine.BETWEEN, loss));
    }

    @Override
    public void done(Epoch epoch, HeldOut.Split split) {
      heldOut =
          String.format(Locale.ROOT, "%s%s %.3f", BarLine.BETWEEN, split.word(), epoch.heldOut());
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
