package io.streamcell.chaos;

import java.util.List;

/**
 * One event of the feed.
 *
 * @param time event time, epoch milliseconds
 * @param json as the Kafka job is sent it
 * @param undisturbed lines of a file that say the same without a control topic
 * @param timesteps that it adds to its stream
 */
record FeedEvent(String stream, long time, byte[] json, List<byte[]> undisturbed, int timesteps) {}
