package io.cnn2gnn.training;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import me.tongfei.progressbar.ProgressBarRenderer;
import me.tongfei.progressbar.ProgressState;

/**
 * A progress bar that fits its terminal: the library's own keeps its bar and cuts what stands
 * behind it, here the bar gives way first, then the figures from the last one on.
 */
final class BarLine implements ProgressBarRenderer {
  /** Between figures of the message, the most important one first. */
  static final String BETWEEN = ", ";

  private static final int USUAL_WIDTH = 80;
  private static final int SHORTEST_BAR = 8;
  private static final int LONGEST_BAR = 40;

  @Override
  public String render(ProgressState state, int width) {
    // A full last column makes some terminals begin a new line.
    int room = (width > 0 ? width : USUAL_WIDTH) - 1;
    String head =
        String.format(Locale.ROOT, "%s %3d%%", state.getTaskName(), (int) (100 * share(state)));
    String left = left(state);
    List<String> figures = Arrays.asList(state.getExtraMessage().split(BETWEEN, -1));
    for (int shown = figures.size(); shown > 0; shown--) {
      String tail = left + "  " + String.join(BETWEEN, figures.subList(0, shown));
      int bar = Math.min(LONGEST_BAR, room - head.length() - tail.length() - 5);
      if (bar >= SHORTEST_BAR) {
        int full = (int) (bar * share(state));
        return head + " [" + "=".repeat(full) + " ".repeat(bar - full) + "]  " + tail;
      }
      if (head.length() + 2 + tail.length() <= room) {
        return head + "  " + tail;
      }
    }
    return head.length() <= room ? head : head.substring(head.length() - room);
  }

  private static double share(ProgressState state) {
    return state.getMax() == 0 ? 0 : Math.min(1.0, (double) state.getCurrent() / state.getMax());
  }

  private static String left(ProgressState state) {
    long done = state.getCurrent() - state.getStart();
    if (done <= 0) {
      return "?:?? left";
    }
    double perImage = (double) state.getElapsedAfterStart().toMillis() / done;
    Duration left = Duration.ofMillis((long) (perImage * (state.getMax() - state.getCurrent())));
    return left.toHours() > 0
        ? String.format(
            Locale.ROOT,
            "%d:%02d:%02d left",
            left.toHours(),
            left.toMinutesPart(),
            left.toSecondsPart())
        : String.format(Locale.ROOT, "%d:%02d left", left.toMinutes(), left.toSecondsPart());
  }
}
