package io.cnn2gnn.training.report;

import ai.djl.Device;
import io.cnn2gnn.model.bundle.Bundle;
import io.cnn2gnn.model.bundle.BundleException;
import io.cnn2gnn.model.bundle.Prototypes;
import io.cnn2gnn.model.graph.Candidates;
import io.cnn2gnn.model.image.InputSpec;
import io.cnn2gnn.model.inference.Answer;
import io.cnn2gnn.model.inference.Answer.Neighbour;
import io.cnn2gnn.model.inference.Answer.Origin;
import io.cnn2gnn.model.inference.BankMatrix;
import io.cnn2gnn.model.inference.BundleAssembly;
import io.cnn2gnn.model.inference.Query;
import io.cnn2gnn.model.inference.StudentModel;
import io.cnn2gnn.training.data.ImageSet;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;

/** Test images, each with the prototypes that its graph row chose, and how much each weighs. */
final class NeighbourPicture {
  private static final int ROWS = 8;
  private static final int TILE = 96;
  private static final int CELL = 116;
  private static final int CAPTION = 34;
  private static final int LEGEND = 44;
  private static final int LEGEND_WIDTH = 860;
  private static final int FRAME = 3;
  private static final Color RIGHT = new Color(20, 130, 60);
  private static final Color WRONG = new Color(200, 30, 30);
  private static final Color OTHER = Color.LIGHT_GRAY;

  private NeighbourPicture() {}

  static BufferedImage draw(Report.Contents contents, Device device) throws BundleException {
    ImageSet test = contents.test();
    InputSpec input = contents.bundle().card().student().input();
    int rows = Math.min(ROWS, test.size());
    int columns = contents.bundle().card().student().neighbours() + 1;
    BufferedImage picture =
        new BufferedImage(
            Math.max(LEGEND_WIDTH, columns * CELL + 20),
            LEGEND + rows * (TILE + CAPTION + 6) + 10,
            BufferedImage.TYPE_INT_RGB);
    Graphics2D g = picture.createGraphics();
    g.setColor(Color.WHITE);
    g.fillRect(0, 0, picture.getWidth(), picture.getHeight());
    g.setRenderingHint(
        RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
    g.setRenderingHint(
        RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
    g.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, 11));
    legend(g);
    List<Answer> answers = answers(contents, rows, device);
    List<String> classes = contents.bundle().card().classes();
    for (int row = 0; row < rows; row++) {
      Answer answer = answers.get(row);
      String truth = classes.get(test.labels()[row]);
      boolean right = truth.equals(answer.label());
      Tile tile = new Tile(g, input, row);
      tile.image(0, test.samples(row, row + 1), right ? RIGHT : WRONG);
      tile.text(
          0, truth, String.format(Locale.ROOT, "-> %s %.2f", answer.label(), answer.confidence()));
      int column = 1;
      for (Neighbour neighbour : answer.neighbours()) {
        byte[] samples =
            neighbour.origin() == Origin.PROTOTYPE
                ? prototype(contents.prototypes(), neighbour.imageId(), input.bytes())
                : test.samples(row, row + 1);
        boolean same = neighbour.label().equals(truth);
        tile.image(column, samples, same ? RIGHT : OTHER);
        tile.text(
            column++,
            neighbour.label(),
            String.format(Locale.ROOT, "weight %.3f", neighbour.weight()));
      }
    }
    g.dispose();
    return picture;
  }

  /** What stands where, and what the frames say. */
  private static void legend(Graphics2D g) {
    g.setColor(Color.BLACK);
    g.drawString(
        "Left: a test image, its true class, and the answer with its confidence. To its right: the"
            + " training images nearest to it, their classes and weights.",
        10,
        16);
    int x = 10;
    x = frame(g, x, RIGHT, "right answer, or neighbour of the true class");
    x = frame(g, x, WRONG, "wrong answer");
    frame(g, x, OTHER, "neighbour of another class");
  }

  private static int frame(Graphics2D g, int x, Color color, String text) {
    g.setColor(color);
    g.fillRect(x, 25, 12, 12);
    g.setColor(Color.BLACK);
    g.drawString(text, x + 18, 36);
    return x + 18 + g.getFontMetrics().stringWidth(text) + 24;
  }

  private static byte[] prototype(BundleAssembly.Labelled prototypes, String number, int bytes) {
    int at = Integer.parseInt(number) * bytes;
    return Arrays.copyOfRange(prototypes.pixels(), at, at + bytes);
  }

  private static List<Answer> answers(Report.Contents contents, int rows, Device device)
      throws BundleException {
    List<Query> queries = new ArrayList<>();
    for (int i = 0; i < rows; i++) {
      queries.add(
          new Query(contents.test().id(i), contents.test().samples(i, i + 1), Optional.empty()));
    }
    try (StudentModel model =
            StudentModel.open(numbered(contents.bundle()), device, Candidates.BANK);
        BankMatrix bank = model.newBank(0)) {
      return model.classify(queries, bank);
    }
  }

  /** With numbers for the ids of prototypes, which those of two sources may share. */
  private static Bundle numbered(Bundle bundle) {
    Prototypes prototypes = bundle.prototypes();
    List<String> numbers =
        IntStream.range(0, prototypes.size()).mapToObj(Integer::toString).toList();
    return new Bundle(
        bundle.card(),
        bundle.weights(),
        new Prototypes(numbers, prototypes.labels(), prototypes.rows()),
        bundle.golden());
  }

  /** Draws the cells of one row. */
  private record Tile(Graphics2D g, InputSpec input, int row) {
    private int x(int column) {
      return 10 + column * CELL + (column > 0 ? 10 : 0);
    }

    private int y() {
      return LEGEND + 6 + row * (TILE + CAPTION + 6);
    }

    void image(int column, byte[] samples, Color frame) {
      BufferedImage image =
          new BufferedImage(input.width(), input.height(), BufferedImage.TYPE_INT_RGB);
      int c = input.channels();
      for (int i = 0; i < input.width() * input.height(); i++) {
        int red = samples[i * c] & 255;
        int green = samples[i * c + (c > 1 ? 1 : 0)] & 255;
        int blue = samples[i * c + (c > 1 ? 2 : 0)] & 255;
        image.setRGB(i % input.width(), i / input.width(), red << 16 | green << 8 | blue);
      }
      g.drawImage(image, x(column), y(), TILE, TILE, null);
      g.setColor(frame);
      for (int i = 1; i <= FRAME; i++) {
        g.drawRect(x(column) - i, y() - i, TILE + 2 * i - 1, TILE + 2 * i - 1);
      }
    }

    void text(int column, String first, String second) {
      g.setColor(Color.BLACK);
      g.drawString(shortened(first), x(column), y() + TILE + 13);
      g.drawString(shortened(second), x(column), y() + TILE + 27);
    }

    private static String shortened(String text) {
      return text.length() > 18 ? text.substring(0, 17) + "…" : text;
    }
  }
}
