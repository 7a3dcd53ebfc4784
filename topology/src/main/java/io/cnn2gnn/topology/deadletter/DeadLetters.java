package io.cnn2gnn.topology.deadletter;

import io.cnn2gnn.schemas.Printable;
import io.cnn2gnn.topology.flow.Rejection;
import io.cnn2gnn.topology.flow.Source;
import io.cnn2gnn.topology.flow.Timestamps;
import io.cnn2gnn.topology.metrics.AppMetrics;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.processor.api.Record;

/**
 * Makes dead letters: the original key and value bytes, the original headers, and headers that say
 * what was wrong and where the record came from. A record over the size limit is cut; the value's
 * length and sha256 say what it was.
 */
public final class DeadLetters {
  public static final String REASON = "cnn2gnn.reason";
  public static final String MESSAGE = "cnn2gnn.message";
  public static final String STAGE = "cnn2gnn.stage";
  public static final String IMAGE_ID = "cnn2gnn.image.id";
  public static final String TOPIC = "cnn2gnn.topic";
  public static final String PARTITION = "cnn2gnn.partition";
  public static final String OFFSET = "cnn2gnn.offset";
  public static final String MODEL_VERSION = "cnn2gnn.model.version";
  public static final String VALUE_BYTES = "cnn2gnn.value.bytes";
  public static final String VALUE_SHA256 = "cnn2gnn.value.sha256";
  private static final int MAX_MESSAGE = 500;
  private static final int MAX_KEY = 1024;

  private final Supplier<String> modelVersion;
  private final int maxBytes;
  private final LongSupplier wallMillis;
  private final AppMetrics metrics;

  /**
   * For records up to a limit.
   *
   * @param modelVersion the version in service
   * @param wallMillis the time of day
   */
  public DeadLetters(
      Supplier<String> modelVersion, int maxBytes, LongSupplier wallMillis, AppMetrics metrics) {
    this.modelVersion = modelVersion;
    this.maxBytes = maxBytes;
    this.wallMillis = wallMillis;
    this.metrics = metrics;
  }

  /** A dead letter of the model in service. */
  public Record<byte[], Object> of(Source source, Rejection rejection) {
    return of(source, rejection, modelVersion.get());
  }

  /**
   * Counts a dead letter and makes its record; key and value are null where the source had none.
   *
   * @param model the version that was to answer
   */
  public Record<byte[], Object> of(Source source, Rejection rejection, String model) {
    metrics.deadLetter(rejection);
    byte[] key = source.key().orElse(null);
    byte[] value = source.value().orElse(null);
    boolean tooLarge = source.bytes() > maxBytes;
    // Cut, a record keeps its trace, no other foreign header and no more of its key than an
    // ordinary
    // one has.
    Headers headers =
        tooLarge ? new RecordHeaders() : new RecordHeaders(source.headers().toArray());
    if (tooLarge) {
      TraceContext.copy(source.headers(), headers);
    }
    add(headers, REASON, rejection.reason());
    // It may quote the record, and is read on terminals.
    add(headers, MESSAGE, cut(Printable.of(rejection.message())));
    add(headers, STAGE, rejection.stage().name().toLowerCase(Locale.ROOT));
    rejection.imageId().ifPresent(id -> add(headers, IMAGE_ID, Printable.of(id)));
    add(headers, TOPIC, source.topic());
    add(headers, PARTITION, Integer.toString(source.partition()));
    add(headers, OFFSET, Long.toString(source.offset()));
    add(headers, MODEL_VERSION, model);
    if (tooLarge) {
      if (key != null && key.length > MAX_KEY) {
        key = Arrays.copyOf(key, MAX_KEY);
      }
      if (value != null) {
        add(headers, VALUE_BYTES, Integer.toString(value.length));
        add(headers, VALUE_SHA256, sha256(value));
        value = Arrays.copyOf(value, Math.min(value.length, maxBytes - MAX_KEY));
      }
    }
    return new Record<>(
        key, value, Timestamps.answer(source.timestamp(), wallMillis.getAsLong()), headers);
  }

  private static void add(Headers headers, String name, String value) {
    headers.add(name, value.getBytes(StandardCharsets.UTF_8));
  }

  private static String cut(String message) {
    return message.length() <= MAX_MESSAGE ? message : message.substring(0, MAX_MESSAGE) + "...";
  }

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
