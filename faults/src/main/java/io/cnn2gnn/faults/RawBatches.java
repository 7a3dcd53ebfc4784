package io.cnn2gnn.faults;

import io.cnn2gnn.faults.Verifier.Place;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;
import java.util.zip.GZIPOutputStream;

/**
 * Compressed batches that no client with manners sends: records of nothing, of any size, in a few
 * kilobytes on the wire. Kafka's Produce request, version 3, and record batch, version 2.
 */
final class RawBatches {
  private static final int GZIP = 1;
  private static final int TIMEOUT_MILLIS = 30_000;
  private static final byte[] ZEROS = new byte[1 << 16];
  private static final byte[] KEY = "attacker".getBytes(StandardCharsets.US_ASCII);

  private final int port;
  private final String topic;

  RawBatches(String broker, String topic) {
    this.port = Integer.parseInt(broker.substring(broker.lastIndexOf(':') + 1));
    this.topic = topic;
  }

  /** A batch, as it travels. */
  record Packed(byte[] bytes, int records) {}

  /** Packs records, each so many zeros long; takes its time where they are many. */
  static Packed pack(List<Integer> sizes) throws IOException {
    return new Packed(batch(sizes), sizes.size());
  }

  /** Sends a batch; returns the places of its records. */
  List<Place> send(int partition, Packed batch) throws IOException {
    byte[] request = request(partition, batch.bytes());
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(TIMEOUT_MILLIS);
      DataOutputStream out = new DataOutputStream(socket.getOutputStream());
      out.writeInt(request.length);
      out.write(request);
      out.flush();
      DataInputStream in = new DataInputStream(socket.getInputStream());
      in.readInt();
      in.readInt();
      in.readInt();
      in.readUTF();
      in.readInt();
      in.readInt();
      int error = in.readShort();
      long first = in.readLong();
      if (error != 0) {
        throw new FaultException("the broker did not take a batch: error " + error);
      }
      List<Place> places = new ArrayList<>();
      for (int i = 0; i < batch.records(); i++) {
        places.add(new Place(partition, first + i));
      }
      return places;
    }
  }

  private byte[] request(int partition, byte[] batch) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    out.writeShort(0);
    out.writeShort(3);
    out.writeInt(1);
    out.writeUTF("raw-batches");
    out.writeShort(-1); // no transaction
    out.writeShort(-1); // all replicas
    out.writeInt(TIMEOUT_MILLIS);
    out.writeInt(1);
    out.write(new byte[] {0, (byte) topic.length()});
    out.write(topic.getBytes(StandardCharsets.US_ASCII));
    out.writeInt(1);
    out.writeInt(partition);
    out.writeInt(batch.length);
    out.write(batch);
    return bytes.toByteArray();
  }

  private static byte[] batch(List<Integer> sizes) throws IOException {
    long now = System.currentTimeMillis();
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(body);
    out.writeShort(GZIP);
    out.writeInt(sizes.size() - 1);
    out.writeLong(now);
    out.writeLong(now);
    out.writeLong(-1);
    out.writeShort(-1);
    out.writeInt(-1);
    out.writeInt(sizes.size());
    try (OutputStream records = new BufferedOutputStream(new GZIPOutputStream(out))) {
      for (int i = 0; i < sizes.size(); i++) {
        record(records, i, sizes.get(i));
      }
    }
    CRC32C crc = new CRC32C();
    crc.update(body.toByteArray());
    ByteArrayOutputStream batch = new ByteArrayOutputStream();
    DataOutputStream head = new DataOutputStream(batch);
    head.writeLong(0);
    head.writeInt(Integer.BYTES + 1 + Integer.BYTES + body.size());
    head.writeInt(-1);
    head.writeByte(2);
    head.writeInt((int) crc.getValue());
    body.writeTo(head);
    return batch.toByteArray();
  }

  private static void record(OutputStream out, int offset, int size) throws IOException {
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    head.write(0);
    varint(head, 0);
    varint(head, offset);
    varint(head, KEY.length);
    head.writeBytes(KEY);
    varint(head, size);
    // Behind the value comes the number of headers, none.
    varint(out, head.size() + size + 1);
    head.writeTo(out);
    for (int left = size; left > 0; left -= ZEROS.length) {
      out.write(ZEROS, 0, Math.min(left, ZEROS.length));
    }
    varint(out, 0);
  }

  private static void varint(OutputStream out, int value) throws IOException {
    int rest = (value << 1) ^ (value >> 31);
    for (; (rest & ~0x7f) != 0; rest >>>= 7) {
      out.write((rest & 0x7f) | 0x80);
    }
    out.write(rest);
  }
}
