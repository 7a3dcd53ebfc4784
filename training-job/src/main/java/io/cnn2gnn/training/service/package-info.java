/** Training that goes on by itself: one trainer at a time, by triggers, gate and release. */
package io.cnn2gnn.training.service;
