package io.cnn2gnn.cli;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;

/** Writes what Kafka's own producer refuses to send, as old clients and mirrors do. */
final class RawProducer {
  private static final short PRODUCE = 0;
  private static final short VERSION = 3;
  private static final int TIMEOUT_MILLIS = 10_000;

  private RawProducer() {}

  /**
   * Sends one record and waits until the broker has it.
   *
   * @param broker of which there is only one
   * @param timestamp any; -1 for none
   */
  static void send(
      String broker,
      String topic,
      int partition,
      long timestamp,
      String key,
      byte[] value,
      Header... headers)
      throws IOException {
    ByteBuffer batch =
        MemoryRecords.withRecords(
                Compression.NONE,
                new SimpleRecord(timestamp, key.getBytes(StandardCharsets.UTF_8), value, headers))
            .buffer();
    String[] at = broker.split(":", 2);
    try (Socket socket = new Socket(at[0], Integer.parseInt(at[1]))) {
      socket.setSoTimeout(TIMEOUT_MILLIS);
      ByteBuffer request = ByteBuffer.allocate(256 + topic.length() + batch.remaining());
      request.putShort(PRODUCE).putShort(VERSION).putInt(1);
      text(request, "raw");
      // No transaction; all brokers that must have it; one topic and one partition.
      request.putShort((short) -1).putShort((short) -1).putInt(TIMEOUT_MILLIS).putInt(1);
      text(request, topic);
      request.putInt(1).putInt(partition).putInt(batch.remaining()).put(batch);
      DataOutputStream out = new DataOutputStream(socket.getOutputStream());
      out.writeInt(request.position());
      out.write(request.array(), 0, request.position());
      out.flush();
      DataInputStream in = new DataInputStream(socket.getInputStream());
      byte[] answer = new byte[in.readInt()];
      in.readFully(answer);
      // The request's number, one topic's name, one partition's number, and what became of it.
      short error = ByteBuffer.wrap(answer).getShort(4 + 4 + 2 + topic.length() + 4 + 4);
      if (error != 0) {
        throw new IOException("the broker answers with error " + error);
      }
    }
  }

  private static void text(ByteBuffer out, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    out.putShort((short) bytes.length).put(bytes);
  }
}
