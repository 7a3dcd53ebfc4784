package io.cnn2gnn.faults;

import io.cnn2gnn.model.inference.Answer;
import io.cnn2gnn.model.inference.BankMatrix;
import io.cnn2gnn.model.inference.NonFiniteAnswerException;
import io.cnn2gnn.model.inference.Query;
import io.cnn2gnn.model.inference.StudentModel;
import io.cnn2gnn.topology.app.AppConfig;
import io.cnn2gnn.topology.app.ClassificationApp;
import io.cnn2gnn.topology.app.StartupException;
import io.cnn2gnn.topology.serving.Classifier;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The service with a model that misbehaves for images whose ids ask for it: {@code stall-N-...}
 * holds up inference for N milliseconds the first time it is seen, {@code nan-...} makes the answer
 * not a number, {@code heap-...} makes the thread die of its heap, once.
 */
public final class FaultyService {
  static final String STALL = "stall-";
  static final String NOT_A_NUMBER = "nan-";
  static final String HEAP = "heap-";

  private FaultyService() {}

  /** Takes {@code --config FILE}, as the real command does. */
  public static void main(String[] args)
      throws IOException, StartupException, InterruptedException {
    Properties file = new Properties();
    try (var in = Files.newBufferedReader(Path.of(args[args.length - 1]))) {
      file.load(in);
    }
    Map<String, String> settings = new HashMap<>();
    file.stringPropertyNames().forEach(key -> settings.put(key, file.getProperty(key)));
    AppConfig config = AppConfig.of(settings);
    StudentModel model = ClassificationApp.loadModel(config);
    try (ClassificationApp app =
        ClassificationApp.start(config, model, it -> new Misbehaving(Classifier.of(it)))) {
      Runtime.getRuntime().addShutdownHook(new Thread(app::close));
      System.exit(app.awaitEnd() ? 0 : 1);
    }
  }

  /** Between topology and model. */
  private static final class Misbehaving implements Classifier {
    private final Classifier real;
    private final Set<String> stalled = ConcurrentHashMap.newKeySet();

    Misbehaving(Classifier real) {
      this.real = real;
    }

    @Override
    public List<Answer> classify(List<Query> batch, BankMatrix bank) {
      for (int i = 0; i < batch.size(); i++) {
        String id = batch.get(i).id();
        if (id.startsWith(NOT_A_NUMBER)) {
          throw new NonFiniteAnswerException(i);
        }
        if (id.startsWith(HEAP) && stalled.add(id)) {
          throw new OutOfMemoryError("so that the thread dies");
        }
        if (id.startsWith(STALL) && stalled.add(id)) {
          sleep(Long.parseLong(id.split("-", -1)[1]));
        }
      }
      return real.classify(batch, bank);
    }

    private static void sleep(long millis) {
      try {
        Thread.sleep(millis);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("interrupted in a stall", e);
      }
    }

    @Override
    public List<Answer> classifyOnCpu(List<Query> batch, BankMatrix bank) {
      return real.classifyOnCpu(batch, bank);
    }

    @Override
    public void selfTest() {
      real.selfTest();
    }
  }
}
