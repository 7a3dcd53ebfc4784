package io.cnn2gnn.training.report;

import io.cnn2gnn.training.fit.Epoch;
import io.cnn2gnn.training.fit.HeldOut;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.HeatMapChart;
import org.knowm.xchart.HeatMapChartBuilder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** Charts as images. */
final class Charts {
  private static final int WIDTH = 900;
  private static final int HEIGHT = 560;
  private static final int NAMED_CLASSES = 30;

  /** Apart also to eyes that do not tell red from green (Okabe and Ito). */
  private static final Color TEST = new Color(0, 114, 178);

  private static final Color TRAIN = new Color(230, 159, 0);
  private static final Color LOSS = new Color(130, 130, 130);
  private static final Color DEEPEST = new Color(86, 150, 208);

  private Charts() {}

  /** Accuracy on training views and on a split of others, and the loss on an axis of its own. */
  static BufferedImage curves(List<Epoch> history, HeldOut.Split split) {
    XYChart chart =
        new XYChartBuilder()
            .width(WIDTH)
            .height(HEIGHT)
            .title("Learning curves of the student: train and " + split.word())
            .xAxisTitle("epoch")
            .yAxisTitle("accuracy, share of right answers")
            .build();
    plain(chart.getStyler());
    chart.setYAxisGroupTitle(1, "loss in training");
    chart.getStyler().setYAxisGroupPosition(1, Styler.YAxisPosition.Right);
    chart.getStyler().setYAxisMin(0, 0.0);
    chart.getStyler().setYAxisMax(0, 1.0);
    chart.getStyler().setYAxisMin(1, 0.0);
    chart.getStyler().setXAxisTickMarkSpacingHint(60).setXAxisDecimalPattern("#");
    chart.getStyler().setLegendPosition(Styler.LegendPosition.OutsideS);
    chart.getStyler().setLegendLayout(Styler.LegendLayout.Horizontal);
    line(chart, split.word() + " accuracy", history, Epoch::heldOut, 0, TEST);
    line(chart, "train accuracy (augmented views)", history, Epoch::accuracy, 0, TRAIN);
    line(chart, "train loss (right axis)", history, Epoch::loss, 1, LOSS);
    return BitmapEncoder.getBufferedImage(chart);
  }

  private static void line(
      XYChart chart,
      String name,
      List<Epoch> history,
      ToDoubleFunction<Epoch> value,
      int axis,
      Color color) {
    var series =
        chart.addSeries(
            name,
            history.stream().mapToDouble(Epoch::epoch).toArray(),
            history.stream().mapToDouble(value).toArray());
    series.setMarker(SeriesMarkers.NONE).setLineStyle(new BasicStroke(2f)).setYAxisGroup(axis);
    series.setLineColor(color);
  }

  /** Each row as shares of its class. */
  static BufferedImage confusion(int[][] matrix, List<String> classes, int images) {
    int n = classes.size();
    int side = Math.max(640, Math.min(1400, 60 * n));
    HeatMapChart chart =
        new HeatMapChartBuilder()
            .width(side + 160)
            .height(side)
            .title("Answers to " + images + " test images, in % of each true class")
            .xAxisTitle("answer of the student")
            .yAxisTitle("true class")
            .build();
    plain(chart.getStyler());
    chart.getStyler().setShowValue(n <= NAMED_CLASSES).setHeatMapValueDecimalPattern("#");
    chart.getStyler().setRangeColors(new Color[] {Color.WHITE, DEEPEST});
    chart.getStyler().setMin(0).setMax(100);
    chart.getStyler().setXAxisLabelRotation(45);
    List<String> names =
        n <= NAMED_CLASSES ? classes : IntStream.range(0, n).mapToObj(Integer::toString).toList();
    List<String> upwards = new ArrayList<>();
    List<Number[]> cells = new ArrayList<>();
    for (int row = n - 1; row >= 0; row--) {
      upwards.add(names.get(row));
      int total = Math.max(1, Arrays.stream(matrix[row]).sum());
      for (int column = 0; column < n; column++) {
        cells.add(new Number[] {column, n - 1 - row, 100.0 * matrix[row][column] / total});
      }
    }
    chart.addSeries("share", names, upwards, cells);
    return BitmapEncoder.getBufferedImage(chart);
  }

  private static void plain(Styler styler) {
    styler.setChartBackgroundColor(Color.WHITE);
    styler.setLegendPosition(Styler.LegendPosition.OutsideE);
  }
}
