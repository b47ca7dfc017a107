import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** Publishes the same records with each codec of the Java client, and prints `<key>\t<partition>` lines. */
class Produce {
  public static void main(String[] args) throws Exception {
    String brokers = args[0];
    String topic = args[1];
    for (String codec : List.of("none", "gzip", "snappy", "lz4", "zstd")) {
      Map<String, Object> config = Map.of(
          "bootstrap.servers", brokers,
          "compression.type", codec,
          "linger.ms", 50,
          "batch.size", 4_000_000,
          "max.request.size", 32_000_000);
      try (var producer = new KafkaProducer<>(config, new StringSerializer(), new ByteArraySerializer())) {
        List<Future<RecordMetadata>> sent = new ArrayList<>();
        List<String> keys = new ArrayList<>();
        for (int n = 0; n < 40; n++) {
          String key = codec + "/über-" + "x".repeat(n);
          keys.add(key);
          sent.add(producer.send(new ProducerRecord<>(topic, key, valueOf(key, n))));
        }
        for (int n = 0; n < keys.size(); n++) {
          System.out.println(keys.get(n) + "\t" + sent.get(n).get().partition());
        }
      }
    }
  }

  /** Returns a value of up to 400 KB, so that a codec needs several blocks. */
  private static byte[] valueOf(String key, int n) {
    return (key + "!").repeat(1 + n * 250).getBytes(StandardCharsets.UTF_8);
  }
}
