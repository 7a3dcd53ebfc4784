package io.cnn2gnn.intake;

import java.time.Instant;
import java.util.Optional;

/**
 * A record of the images topic that is what it should be, but for its picture, which nobody has
 * looked at yet.
 *
 * @param id of the image
 * @param label the known class, if there is one
 * @param capturedAt when it was taken, as its producer says
 * @param content the picture, or where it is
 */
public record ImageRecord(
    String id, Optional<String> label, Instant capturedAt, ImageContent content) {}
