import { KafkaError, type RangeReader } from '@pagebridge/kafka';

const lookEveryMs = 500;
const patienceMs = 5000;

/** Waits for a read. Rejects if Kafka has failed to answer it for some time: the reader itself would wait for ever. */
export async function answered<T>(reader: Pick<RangeReader, 'health'>, read: Promise<T>): Promise<T> {
  const failed = Promise.withResolvers<never>();
  let failing = 0;
  const timer = setInterval(() => {
    const { ready, detail } = reader.health();
    failing = ready ? 0 : failing + 1;
    if (failing * lookEveryMs >= patienceMs) failed.reject(new KafkaError('KAFKA.BROKER_UNREACHABLE', true, detail));
  }, lookEveryMs);
  try {
    return await Promise.race([read, failed.promise]);
  } finally {
    clearInterval(timer);
  }
}
