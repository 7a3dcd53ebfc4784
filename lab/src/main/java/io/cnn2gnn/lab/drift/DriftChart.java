package io.cnn2gnn.lab.drift;

import java.awt.BasicStroke;
import java.awt.Color;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.BitmapEncoder.BitmapFormat;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** Accuracy over a stream, with what happened on the way as upright lines. */
final class DriftChart {
  private static final List<Color> COLORS =
      List.of(new Color(31, 97, 158), new Color(120, 80, 160), new Color(150, 150, 150));

  private DriftChart() {}

  /** Accuracy of one service: one value per place, in [0, 1]. */
  record Line(String name, double[] places, double[] accuracy) {}

  /** Something that happened several times, and where. */
  record Marks(String name, List<Integer> places, Color color) {}

  static void write(Path file, String title, List<Line> lines, List<Marks> marks)
      throws IOException {
    XYChart chart =
        new XYChartBuilder()
            .width(1000)
            .height(520)
            .title(title)
            .xAxisTitle("images sent")
            .yAxisTitle("accuracy, unlabelled images only")
            .build();
    chart.getStyler().setChartBackgroundColor(Color.WHITE);
    chart.getStyler().setLegendPosition(Styler.LegendPosition.OutsideS);
    chart.getStyler().setLegendLayout(Styler.LegendLayout.Horizontal);
    chart.getStyler().setYAxisMin(0.0);
    chart.getStyler().setYAxisMax(1.0);
    for (Marks each : marks) {
      add(chart, each);
    }
    // What comes first lies on top.
    for (int i = lines.size() - 1; i >= 0; i--) {
      add(chart, lines.get(i), COLORS.get(i));
    }
    BitmapEncoder.saveBitmap(chart, file.toString(), BitmapFormat.PNG);
  }

  private static void add(XYChart chart, Line line, Color color) {
    chart
        .addSeries(line.name(), line.places(), line.accuracy())
        .setMarker(SeriesMarkers.NONE)
        .setLineStyle(new BasicStroke(2.5f))
        .setLineColor(color);
  }

  /** One series for all of them, so that the legend names them once; NaN parts the strokes. */
  private static void add(XYChart chart, Marks marks) {
    if (marks.places().isEmpty()) {
      return;
    }
    int n = marks.places().size();
    double[] x = new double[3 * n];
    double[] y = new double[3 * n];
    for (int i = 0; i < n; i++) {
      Arrays.fill(x, 3 * i, 3 * i + 3, marks.places().get(i));
      y[3 * i + 1] = 1;
      y[3 * i + 2] = Double.NaN;
    }
    chart
        .addSeries(marks.name(), x, y)
        .setMarker(SeriesMarkers.NONE)
        .setLineStyle(new BasicStroke(1.2f))
        .setLineColor(marks.color());
  }
}
