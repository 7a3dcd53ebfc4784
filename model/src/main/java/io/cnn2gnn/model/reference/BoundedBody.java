package io.cnn2gnn.model.reference;

import java.io.ByteArrayOutputStream;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;

/**
 * The first bytes of an answer: all of it, or one more than is wanted, and then no more is read and
 * the connection is closed. Memory is taken for what has arrived, never for what was announced.
 */
public final class BoundedBody implements BodySubscriber<byte[]> {
  private final int wanted;
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final CompletableFuture<byte[]> whole = new CompletableFuture<>();
  private Flow.Subscription subscription;

  /**
   * Takes a body up to a bound.
   *
   * @param wanted as many bytes as the answer may have; 0 to read none
   */
  public BoundedBody(int wanted) {
    this.wanted = wanted;
  }

  @Override
  public CompletionStage<byte[]> getBody() {
    return whole;
  }

  @Override
  public void onSubscribe(Flow.Subscription subscription) {
    this.subscription = subscription;
    if (wanted == 0) {
      end();
    } else {
      subscription.request(1);
    }
  }

  @Override
  public void onNext(List<ByteBuffer> buffers) {
    for (ByteBuffer buffer : buffers) {
      byte[] chunk = new byte[Math.min(buffer.remaining(), wanted + 1 - bytes.size())];
      buffer.get(chunk);
      bytes.writeBytes(chunk);
    }
    if (bytes.size() > wanted) {
      end();
    } else {
      subscription.request(1);
    }
  }

  private void end() {
    subscription.cancel();
    onComplete();
  }

  @Override
  public void onError(Throwable e) {
    whole.completeExceptionally(e);
  }

  @Override
  public void onComplete() {
    whole.complete(bytes.toByteArray());
  }
}
