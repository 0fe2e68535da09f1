package io.streamcell.benchmarks.hostile;

import java.util.Map;
import java.util.Random;

/** A load that nobody should send. The model has 8 features and one output per timestep. */
enum HostileCase {
    ONE_STREAM("one stream with half of all events", 400_000) {
        @Override
        void send(long event, Sender to) {
            to.send(event % 2 == 0 ? "hot" : "s" + event % 997, chunk(1, event), 1);
        }
    },
    LONG_CHUNK("a chunk of a million timesteps, and 1000 of one", 1001) {
        @Override
        void send(long event, Sender to) {
            int timesteps = event == 500 ? 1_000_000 : 1;
            to.send("s" + event % 10, chunk(timesteps, event), timesteps);
        }
    },
    MANY_STREAMS("a million streams of one event", 1_000_000) {
        @Override
        void send(long event, Sender to) {
            to.send("stream-" + event, chunk(1, event), 1);
        }

        @Override
        Map<String, String> options() {
            return Map.of("state.backend.type", "rocksdb");
        }
    },
    LONG_IDS("5,000 streams with ids of 10 KB, 4 events each", 20_000) {
        @Override
        void send(long event, Sender to) {
            to.send(
                    ("id-" + event % 5000 + "-").repeat(2000).substring(0, 10_000),
                    chunk(1, event),
                    1);
        }
    },
    RESETS("300,000 resets, a third announced ahead, among 100,000 chunks", 400_000) {
        @Override
        void send(long event, Sender to) {
            String stream = "s" + event / 4 % 100;
            switch ((int) (event % 4)) {
                case 0 -> to.send(stream, chunk(1, event), 1);
                case 1 ->
                        // Beyond every timestep that comes: 1024 are held, the others rejected.
                        to.reset(stream, "\"at\":" + (1_000_000 + event), event / 400 >= 1024);
                default -> to.reset(stream, null, false);
            }
        }
    },
    SLOW_SINK("the broker takes 20 KB of scores a second for half a minute", 300_000) {
        @Override
        void send(long event, Sender to) {
            to.send("s" + event % 1000, chunk(1, event), 1);
        }
    },
    LARGE_RECORDS("records of 1 MB, below and above what topics take", 60) {
        @Override
        void send(long event, Sender to) {
            String stream = "s" + event % 3;
            if (event % 3 == 0) {
                // Scores above a megabyte, to be cut.
                to.send(stream, chunk(30_000, event), 30_000);
            } else if (event % 3 == 1) {
                // Headers of the event that leave no room for the score's own bytes.
                to.sendWithHeader(stream, chunk(1, event), 1_048_500);
            } else {
                to.send(stream, chunk(1, event), 1);
            }
        }
    };

    private final String title;
    private final long events;

    HostileCase(String title, long events) {
        this.title = title;
        this.events = events;
    }

    /** What is sent, in words. */
    String title() {
        return title;
    }

    /** How many records. */
    long events() {
        return events;
    }

    /** Sends one of them. */
    abstract void send(long event, Sender to);

    /** What the job is configured with beside its topics. */
    Map<String, String> options() {
        return Map.of();
    }

    /** Timesteps of short decimals. */
    private static String chunk(int timesteps, long seed) {
        Random random = new Random(seed);
        StringBuilder text = new StringBuilder("{\"values\":[");
        for (int row = 0; row < timesteps; row++) {
            text.append(row == 0 ? "[" : ",[");
            for (int column = 0; column < 8; column++) {
                text.append(column == 0 ? "0." : ",0.").append(random.nextInt(10));
            }
            text.append(']');
        }
        return text.append("]}").toString();
    }
}
