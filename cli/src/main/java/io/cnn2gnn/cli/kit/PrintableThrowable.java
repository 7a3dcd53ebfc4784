package io.cnn2gnn.cli.kit;

import ch.qos.logback.classic.pattern.ThrowableProxyConverter;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.StackTraceElementProxy;
import io.cnn2gnn.schemas.Printable;
import java.util.Arrays;

/**
 * A log's stack trace, a frame a line, with messages that are one line each: words of them may come
 * from a topic. Named in {@code logback.xml}.
 */
public final class PrintableThrowable extends ThrowableProxyConverter {
  @Override
  protected String throwableProxyToString(IThrowableProxy thrown) {
    return super.throwableProxyToString(new Shown(thrown));
  }

  private record Shown(IThrowableProxy thrown) implements IThrowableProxy {
    private static String shown(String message) {
      return message == null ? null : Printable.of(message);
    }

    private static IThrowableProxy shown(IThrowableProxy thrown) {
      return thrown == null ? null : new Shown(thrown);
    }

    @Override
    public String getMessage() {
      return shown(thrown.getMessage());
    }

    @Override
    public String getOverridingMessage() {
      return shown(thrown.getOverridingMessage());
    }

    @Override
    public String getClassName() {
      return thrown.getClassName();
    }

    @Override
    public StackTraceElementProxy[] getStackTraceElementProxyArray() {
      return thrown.getStackTraceElementProxyArray();
    }

    @Override
    public int getCommonFrames() {
      return thrown.getCommonFrames();
    }

    @Override
    public IThrowableProxy getCause() {
      return shown(thrown.getCause());
    }

    @Override
    public IThrowableProxy[] getSuppressed() {
      return Arrays.stream(thrown.getSuppressed()).map(Shown::new).toArray(IThrowableProxy[]::new);
    }

    @Override
    public boolean isCyclic() {
      return thrown.isCyclic();
    }
  }
}
