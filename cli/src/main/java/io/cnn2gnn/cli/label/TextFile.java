package io.cnn2gnn.cli.label;

import io.cnn2gnn.cli.kit.CliException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Files of text in UTF-8, whatever wrote them. */
final class TextFile {
  private static final char BYTE_ORDER_MARK = '\ufeff';

  private TextFile() {}

  /** Something that reads text. */
  interface Work<T> {
    T read(Reader text) throws IOException, CliException;
  }

  /**
   * Opens a file, without its byte order mark if it has one, and closes it again.
   *
   * @throws CliException if there is no such file, or it is not UTF-8
   */
  static <T> T read(Path file, Work<T> work) throws CliException {
    // A decoder of its own: the one that a charset's name gives takes anything for text.
    try (BufferedReader text =
        new BufferedReader(
            new InputStreamReader(
                Files.newInputStream(file), StandardCharsets.UTF_8.newDecoder()))) {
      text.mark(1);
      if (text.read() != BYTE_ORDER_MARK) {
        text.reset();
      }
      return work.read(text);
    } catch (CharacterCodingException e) {
      throw new CliException(file + " is not text in UTF-8: save it as UTF-8", e);
    } catch (NoSuchFileException e) {
      throw new CliException("there is no file " + file, e);
    } catch (IOException e) {
      throw new CliException(file + " cannot be read: " + e.getMessage(), e);
    }
  }
}
