import type { Provider } from '@nestjs/common';
import { type KafkaSettings, Publisher } from '@pagebridge/kafka';
import type { Log } from '@pagebridge/vocabulary';
import { Registry } from 'prom-client';
import { systemClock } from '../clocks.ts';
import { KAFKA_SETTINGS, LOG } from '../tokens.ts';
import { Denials, type DenialsParts } from './denials.ts';

const deliveryTimeoutMs = 5000;

/** The denials of a service, with a publisher of their own: what the service itself writes never waits behind them. */
export const denialsProvider = (service: string): Provider => ({
  provide: Denials,
  inject: [KAFKA_SETTINGS, Registry, LOG],
  useFactory: (settings: KafkaSettings, registry: Registry, log: Log) => {
    let publisher: Publisher | undefined;
    const publish: DenialsParts['publish'] = (records) => {
      publisher ??= new Publisher(settings, { deliveryTimeoutMs });
      return publisher.publish(records);
    };
    const close = async () => publisher?.close();
    return new Denials({ service, publish, close, registry, log, clock: systemClock });
  },
});
