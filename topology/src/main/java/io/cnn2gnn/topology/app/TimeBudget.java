package io.cnn2gnn.topology.app;

import io.cnn2gnn.topology.batching.BatchProcessor;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.streams.StreamsConfig;

/**
 * What one poll may take: a third of the smaller of the transaction timeout and the poll interval.
 * Decoding has a share of it that no writer can exceed. Beyond it a slow batch would have the
 * producer fenced or the member removed.
 *
 * @param pollMillis worst time to work off one poll
 * @param allowedMillis a third of the smaller timeout
 */
record TimeBudget(double pollMillis, double allowedMillis) {
  private static final List<String> MAX_POLL_RECORDS =
      List.of(
          ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
          StreamsConfig.consumerPrefix(ConsumerConfig.MAX_POLL_RECORDS_CONFIG),
          StreamsConfig.mainConsumerPrefix(ConsumerConfig.MAX_POLL_RECORDS_CONFIG));

  /** What decoding takes of a stream thread at most, whatever writers send. */
  private static final double DECODING_MILLIS = BatchProcessor.LONGEST_HOLD.toNanos() / 1e6;

  private static final int POLL_RECORDS = 500;
  private static final int STREAMS_TRANSACTION_TIMEOUT = 10_000;
  private static final int CONSUMER_POLL_INTERVAL = 300_000;

  /**
   * The budget of these settings. Where the user has not chosen how many records a poll may bring,
   * it is as many as fit, and a batch at least: a service that starts on a busy machine is slow for
   * the moment, which is no reason to stay away.
   *
   * @param clients what the user has chosen
   * @param batch images per batch
   */
  static TimeBudget fit(
      Properties streams, Map<String, String> clients, int batch, double worstMillisPerImage) {
    boolean chosen = MAX_POLL_RECORDS.stream().anyMatch(clients::containsKey);
    if (!chosen) {
      double allowed = of(streams, batch, worstMillisPerImage).allowedMillis();
      double fitting = (allowed - DECODING_MILLIS) / worstMillisPerImage;
      int records = Math.min(POLL_RECORDS, Math.max(batch, (int) fitting));
      streams.put(
          StreamsConfig.mainConsumerPrefix(ConsumerConfig.MAX_POLL_RECORDS_CONFIG), records);
    }
    return of(streams, batch, worstMillisPerImage);
  }

  static TimeBudget of(Properties streams, int batch, double worstMillisPerImage) {
    // A batch may be of several polls, and is classified at once.
    long records =
        Math.max(batch, consumer(streams, ConsumerConfig.MAX_POLL_RECORDS_CONFIG, POLL_RECORDS));
    long transaction =
        number(
            streams,
            StreamsConfig.producerPrefix(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG),
            number(
                streams, ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, STREAMS_TRANSACTION_TIMEOUT));
    long interval =
        consumer(streams, ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG, CONSUMER_POLL_INTERVAL);
    return new TimeBudget(
        records * worstMillisPerImage + DECODING_MILLIS, Math.min(transaction, interval) / 3.0);
  }

  /** A key of the main consumer, in the order in which Streams looks for it. */
  private static long consumer(Properties p, String key, long otherwise) {
    long plain = number(p, key, otherwise);
    long shared = number(p, StreamsConfig.consumerPrefix(key), plain);
    return number(p, StreamsConfig.mainConsumerPrefix(key), shared);
  }

  private static long number(Properties p, String key, long otherwise) {
    Object value = p.get(key);
    return value == null ? otherwise : Long.parseLong(value.toString());
  }

  /** Throws if a poll may take longer than allowed. */
  void check() throws StartupException {
    if (pollMillis > allowedMillis) {
      throw new StartupException(
          ("this model needs up to %.0f ms for one poll here, %.0f ms are safe: lower"
                  + " main.consumer.max.poll.records or cnn2gnn.batch.max.images, or raise"
                  + " producer.transaction.timeout.ms")
              .formatted(pollMillis, allowedMillis));
    }
  }
}
