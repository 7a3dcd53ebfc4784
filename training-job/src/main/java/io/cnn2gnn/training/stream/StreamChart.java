package io.cnn2gnn.training.stream;

import io.cnn2gnn.training.stream.StreamStudy.Line;
import java.awt.BasicStroke;
import java.awt.Color;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.BitmapEncoder.BitmapFormat;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** How right the answers are over a stream: alone, with the graph, and as labels arrive. */
public final class StreamChart {
  private static final int WIDTH = 900;
  private static final int HEIGHT = 520;
  private static final String SHOWN = "shuffled";

  /** Apart also to eyes that do not tell red from green (Okabe and Ito). */
  private static final Color[] COLORS = {
    new Color(130, 130, 130), new Color(230, 159, 0), new Color(0, 114, 178), new Color(0, 158, 115)
  };

  private StreamChart() {}

  /** A PNG of the scenarios in which images come in any order, of one seed. */
  public static byte[] png(List<Line> lines) throws IOException {
    XYChart chart =
        new XYChartBuilder()
            .width(WIDTH)
            .height(HEIGHT)
            .title("Right answers over the stream, images in any order")
            .xAxisTitle("images")
            .yAxisTitle("right of each window, in %")
            .build();
    chart.getStyler().setChartBackgroundColor(Color.WHITE);
    chart.getStyler().setLegendPosition(Styler.LegendPosition.OutsideS);
    chart.getStyler().setLegendLayout(Styler.LegendLayout.Horizontal);
    chart.getStyler().setXAxisDecimalPattern("#").setYAxisDecimalPattern("#");
    int color = 0;
    for (Line line : lines) {
      if (line.scenario().startsWith(SHOWN)) {
        if (color == 0) {
          add(chart, "alone", line, Course.Point::alone, COLORS[color++]);
        }
        String labels = line.scenario().substring(SHOWN.length());
        add(chart, "graph" + labels, line, Course.Point::graph, COLORS[color++ % COLORS.length]);
      }
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    BitmapEncoder.saveBitmap(chart, bytes, BitmapFormat.PNG);
    return bytes.toByteArray();
  }

  private static void add(
      XYChart chart, String name, Line line, ToDoubleFunction<Course.Point> value, Color color) {
    List<Course.Point> points = line.course().points();
    chart
        .addSeries(
            name,
            points.stream().mapToDouble(Course.Point::images).toArray(),
            points.stream().mapToDouble(p -> 100 * value.applyAsDouble(p)).toArray())
        .setMarker(SeriesMarkers.NONE)
        .setLineStyle(new BasicStroke(2f))
        .setLineColor(color);
  }
}
