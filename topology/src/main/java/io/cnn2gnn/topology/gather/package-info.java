/** Records of other topics, which are taken over into the images topic. */
package io.cnn2gnn.topology.gather;
