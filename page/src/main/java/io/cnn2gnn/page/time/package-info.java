/** How right answers were over time, and how far images were from what the models know. */
package io.cnn2gnn.page.time;
