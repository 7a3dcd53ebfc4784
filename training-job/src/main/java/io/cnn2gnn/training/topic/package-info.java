/** Training data from a topic: labelled images by their labels, the others for the teacher. */
package io.cnn2gnn.training.topic;
