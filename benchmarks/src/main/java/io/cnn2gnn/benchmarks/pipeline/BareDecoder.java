package io.cnn2gnn.benchmarks.pipeline;

import io.cnn2gnn.model.image.ImageDecoder;
import io.cnn2gnn.model.image.ImageRejectedException;
import io.cnn2gnn.model.image.InputSpec;
import io.cnn2gnn.model.image.Resize;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** The ceiling: the service's decoder on every core, and nothing else. */
final class BareDecoder {
  private static final long MAX_PIXELS = 1 << 24;

  private BareDecoder() {}

  static Rate rate(List<byte[]> files, InputSpec input, double seconds) throws Exception {
    int cores = Runtime.getRuntime().availableProcessors();
    ExecutorService threads = Executors.newFixedThreadPool(cores);
    try {
      count(threads, cores, files, input, seconds / 2); // the compiler's
      ProcessorTime before = ProcessorTime.now();
      long start = System.nanoTime();
      long decoded = count(threads, cores, files, input, seconds / 2);
      double took = (System.nanoTime() - start) / 1e9;
      ProcessorTime spent = new ProcessorTime(ProcessorTime.now().since(before).own(), 0);
      return Rate.of(decoded / took, spent, (double) decoded);
    } finally {
      threads.shutdown();
    }
  }

  private static long count(
      ExecutorService threads, int cores, List<byte[]> files, InputSpec input, double seconds)
      throws Exception {
    long end = System.nanoTime() + (long) (seconds * 1e9);
    List<Callable<Long>> work = new ArrayList<>();
    for (int i = 0; i < cores; i++) {
      work.add(() -> decode(files, input, end));
    }
    long decoded = 0;
    for (Future<Long> one : threads.invokeAll(work)) {
      decoded += one.get();
    }
    return decoded;
  }

  private static long decode(List<byte[]> files, InputSpec input, long end)
      throws ImageRejectedException {
    Resize resize = new Resize(input);
    long decoded = 0;
    try (ImageDecoder decoder = new ImageDecoder(MAX_PIXELS)) {
      while (System.nanoTime() - end < 0) {
        byte[] file = files.get((int) (decoded % files.size()));
        if (resize.of(decoder.decode(file, decoder.header(file), input)).length > 0) {
          decoded++;
        }
      }
    }
    return decoded;
  }
}
