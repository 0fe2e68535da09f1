import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * What stands outside of the cluster: {@code topics NAME:PARTITIONS...} makes topics, as soon as
 * there is a broker, and {@code score EVENTS SCORES} sends a file's events and writes as many
 * committed scores.
 */
final class ScoreThroughKafka {
    private static final String BROKER = "kafka:9092";
    private static final Pattern STREAM = Pattern.compile("\"stream\":\"([^\"]*)\"");

    public static void main(String[] arguments) throws Exception {
        if (arguments[0].equals("topics")) {
            makeTopics(List.of(arguments).subList(1, arguments.length));
        } else {
            List<String> events = Files.readAllLines(Path.of(arguments[1]));
            send(events);
            Files.write(Path.of(arguments[2]), scores(events.size()));
        }
    }

    private static void makeTopics(List<String> wanted) throws Exception {
        List<NewTopic> topics = new ArrayList<>();
        for (String topic : wanted) {
            String[] parts = topic.split(":", 2);
            topics.add(new NewTopic(parts[0], Integer.parseInt(parts[1]), (short) 1));
        }
        Map<String, Object> options =
                Map.of(
                        "bootstrap.servers", BROKER,
                        "default.api.timeout.ms", "300000",
                        "request.timeout.ms", "300000");
        try (Admin admin = Admin.create(options)) {
            admin.createTopics(topics).all().get();
        }
    }

    private static void send(List<String> events) throws InterruptedException, ExecutionException {
        try (KafkaProducer<String, String> producer =
                new KafkaProducer<>(
                        Map.of("bootstrap.servers", BROKER),
                        new StringSerializer(),
                        new StringSerializer())) {
            for (String event : events) {
                Matcher stream = STREAM.matcher(event);
                if (!stream.find()) {
                    throw new IllegalArgumentException("an event must name its stream: " + event);
                }
                producer.send(new ProducerRecord<>("readings", stream.group(1), event)).get();
            }
        }
    }

    private static List<String> scores(int count) {
        List<String> scores = new ArrayList<>();
        try (KafkaConsumer<String, String> consumer =
                new KafkaConsumer<>(
                        Map.of(
                                "bootstrap.servers", BROKER,
                                "group.id", "test",
                                "auto.offset.reset", "earliest",
                                "isolation.level", "read_committed"),
                        new StringDeserializer(),
                        new StringDeserializer())) {
            consumer.subscribe(List.of("scores"));
            while (scores.size() < count) {
                for (ConsumerRecord<String, String> score : consumer.poll(Duration.ofSeconds(1))) {
                    scores.add(score.value());
                }
            }
        }
        return scores;
    }
}
