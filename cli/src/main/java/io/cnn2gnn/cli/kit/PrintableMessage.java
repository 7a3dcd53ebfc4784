package io.cnn2gnn.cli.kit;

import ch.qos.logback.classic.pattern.MessageConverter;
import ch.qos.logback.classic.spi.ILoggingEvent;
import io.cnn2gnn.schemas.Printable;

/** A log's message as one line: words of it may come from a topic. Named in {@code logback.xml}. */
public final class PrintableMessage extends MessageConverter {
  @Override
  public String convert(ILoggingEvent event) {
    return Printable.of(String.valueOf(super.convert(event)));
  }
}
