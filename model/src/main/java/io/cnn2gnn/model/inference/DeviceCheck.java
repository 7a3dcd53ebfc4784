package io.cnn2gnn.model.inference;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.util.cuda.CudaUtils;
import io.cnn2gnn.model.bundle.Bundle;
import io.cnn2gnn.model.bundle.BundleException;
import io.cnn2gnn.model.graph.Candidates;
import io.cnn2gnn.model.inference.Answer.Score;
import io.cnn2gnn.model.torch.Torch;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * What somebody wants to know of a device before it serves: whether it answers as the CPU does, how
 * fast, in how much memory, and whether a batch that does not fit is answered all the same. Images
 * are mixtures of the bundle's golden ones, under noise.
 */
public final class DeviceCheck {
  /** Answers may differ where two classes are as good as equally probable. */
  private static final double LEAST_AGREEMENT = 0.999;

  private static final List<Integer> BATCHES = List.of(1, 8, 64, 256);
  private static final int BATCH = 64;

  /** More than any batch before it, so that no memory that the engine has kept is enough. */
  private static final int LARGE = 1024;

  private static final int NOISE = 16;
  private static final int LARGEST_PIECE = 256 << 20;
  private static final int SMALLEST_PIECE = 1 << 20;

  private final Bundle bundle;
  private final Device device;
  private final Options options;
  private final Consumer<String> progress;

  /**
   * How much is done.
   *
   * @param images that are answered by the device and the CPU
   * @param seconds that each size of batch is timed for
   * @param seed of the images
   */
  public record Options(int images, double seconds, long seed) {
    public Options {
      if (images < 1 || !(seconds > 0)) {
        throw new IllegalArgumentException(
            "images and seconds must be positive: " + images + ", " + seconds);
      }
    }
  }

  /** What became of a batch for which the device had no memory. */
  public enum Shortage {
    /** The device is the CPU. */
    NOT_TRIED("not tried"),
    /** It fitted in spite of all that was taken before. */
    FITTED("it fitted all the same"),
    /** The CPU answered it, and the device the next one. */
    ANSWERED("answered by the CPU, and the next one by the device");

    private final String words;

    Shortage(String words) {
      this.words = words;
    }
  }

  /**
   * What came out.
   *
   * @param golden images that the device answered as the bundle says; it does so or cannot be used
   * @param agreement share of images that device and CPU give one label
   * @param difference the largest, of a probability
   * @param perSecond images by size of batch, on the device
   * @param perSecondOnCpu likewise
   * @param memoryBytes of the device that are taken after all this, by anybody
   */
  public record Report(
      String model,
      String device,
      String engine,
      int golden,
      int images,
      double agreement,
      double difference,
      Map<Integer, Double> perSecond,
      Map<Integer, Double> perSecondOnCpu,
      Optional<Long> memoryBytes,
      Shortage shortage) {
    /** Whether the device may serve. */
    public boolean passed() {
      return agreement >= LEAST_AGREEMENT;
    }
  }

  /** Prepares a check that tells of its progress. */
  public DeviceCheck(Bundle bundle, String device, Options options, Consumer<String> progress) {
    this.bundle = bundle;
    this.device = Torch.device(device);
    this.options = options;
    this.progress = progress;
  }

  /**
   * Runs it.
   *
   * @throws BundleException if the device does not give the golden answers
   */
  public Report run() throws BundleException {
    try (StudentModel model = StudentModel.open(bundle, device, Candidates.BOTH);
        StudentModel cpu = StudentModel.open(bundle, Device.cpu(), Candidates.BOTH)) {
      progress.accept("golden answers: as the bundle says");
      double[] agreement = agreement(model, cpu);
      Map<Integer, Double> rates = rates("device", model);
      Map<Integer, Double> onCpu = rates("CPU", cpu);
      Optional<Long> memory =
          device.isGpu()
              ? Optional.of(CudaUtils.getGpuMemory(device).getCommitted())
              : Optional.empty();
      Shortage shortage = device.isGpu() ? shortage(model) : Shortage.NOT_TRIED;
      progress.accept("a batch that the memory is too small for: " + shortage.words);
      Engine engine = Engine.getEngine("PyTorch");
      return new Report(
          bundle.card().id(),
          device.toString(),
          engine.getEngineName() + " " + engine.getVersion(),
          (int) bundle.golden().images().shape()[0],
          options.images(),
          agreement[0],
          agreement[1],
          rates,
          onCpu,
          memory,
          shortage);
    }
  }

  /** The share of equal labels, and the largest difference of a probability. */
  private double[] agreement(StudentModel model, StudentModel cpu) {
    Random random = new Random(options.seed());
    int equal = 0;
    double difference = 0;
    try (BankMatrix there = model.newBank(0);
        BankMatrix here = cpu.newBank(0)) {
      for (int done = 0; done < options.images(); done += BATCH) {
        List<Query> batch = batch(Math.min(BATCH, options.images() - done), random);
        List<Answer> answers = model.classify(batch, there);
        List<Answer> expected = cpu.classify(batch, here);
        for (int i = 0; i < batch.size(); i++) {
          equal += answers.get(i).label().equals(expected.get(i).label()) ? 1 : 0;
          for (Score score : expected.get(i).scores()) {
            double other = probability(answers.get(i), score.label());
            difference = Math.max(difference, Math.abs(score.probability() - other));
          }
        }
      }
    }
    double share = equal / (double) options.images();
    progress.accept(
        "of %,d images %.3f %% have the CPU's label, probabilities differ by at most %.1e"
            .formatted(options.images(), 100 * share, difference));
    return new double[] {share, difference};
  }

  private static double probability(Answer answer, String label) {
    return answer.scores().stream()
        .filter(score -> score.label().equals(label))
        .mapToDouble(Score::probability)
        .sum();
  }

  private Map<Integer, Double> rates(String name, StudentModel model) {
    Map<Integer, Double> rates = new TreeMap<>();
    try (BankMatrix bank = model.newBank(0)) {
      for (int size : BATCHES) {
        List<Query> batch = batch(size, new Random(options.seed()));
        long start = System.nanoTime();
        long measured = start;
        int batches = 0;
        // The first half of the time is for the engine to find its kernels.
        while (measured == start || System.nanoTime() - measured < options.seconds() * 1e9 / 2) {
          model.classify(batch, bank);
          batches++;
          if (measured == start && System.nanoTime() - start >= options.seconds() * 1e9 / 2) {
            measured = System.nanoTime();
            batches = 0;
          }
        }
        rates.put(size, batches * (double) size / ((System.nanoTime() - measured) / 1e9));
        progress.accept("%s, batches of %d: %,.0f images/s".formatted(name, size, rates.get(size)));
      }
    }
    return rates;
  }

  /** Takes all the device's memory that there is, and asks for a batch. */
  private Shortage shortage(StudentModel model) {
    List<Query> batch = batch(LARGE, new Random(options.seed()));
    try (BankMatrix bank = model.newBank(0)) {
      Optional<List<Answer>> rescued;
      try (NDManager hog = NDManager.newBaseManager(device)) {
        for (int piece = LARGEST_PIECE; piece >= SMALLEST_PIECE; ) {
          try {
            hog.zeros(new Shape(piece / Float.BYTES));
          } catch (EngineException e) {
            piece /= 2;
          }
        }
        rescued = rescued(model, batch, bank);
      }
      if (rescued.isEmpty()) {
        return Shortage.FITTED;
      }
      if (rescued.get().size() != LARGE || model.classify(batch, bank).size() != LARGE) {
        throw new IllegalStateException("images of a batch were lost when memory ran out");
      }
      return Shortage.ANSWERED;
    }
  }

  private static Optional<List<Answer>> rescued(
      StudentModel model, List<Query> batch, BankMatrix bank) {
    try {
      model.classify(batch, bank);
      return Optional.empty();
    } catch (DeviceMemoryException e) {
      return Optional.of(model.classifyOnCpu(batch, bank));
    }
  }

  private List<Query> batch(int count, Random random) {
    float[] golden = bundle.golden().images().data();
    int size = bundle.card().student().input().bytes();
    int images = golden.length / size;
    List<Query> batch = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      int a = random.nextInt(images) * size;
      int b = random.nextInt(images) * size;
      float share = random.nextFloat();
      byte[] pixels = new byte[size];
      for (int p = 0; p < size; p++) {
        float mixed = share * golden[a + p] + (1 - share) * golden[b + p];
        int noise = random.nextInt(2 * NOISE + 1) - NOISE;
        pixels[p] = (byte) Math.max(0, Math.min(255, Math.round(mixed) + noise));
      }
      batch.add(new Query("image-" + i, pixels, Optional.empty()));
    }
    return batch;
  }
}
