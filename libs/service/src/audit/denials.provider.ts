import type { Provider } from '@nestjs/common';
import { type KafkaSettings, Publisher } from '@pagebridge/kafka';
import type { Log } from '@pagebridge/vocabulary';
import type { Registry } from 'prom-client';
import { systemClock } from '../clocks.ts';
import { counterOf } from '../metrics.ts';
import { KAFKA_SETTINGS, LOG } from '../tokens.ts';
import { Denials, type DenialsParts } from './denials.ts';

const deliveryTimeoutMs = 5000;

/** Provides the Denials of a service with a separate publisher, so that other records never wait behind them. */
export const denialsProvider = (service: string, registry: Registry): Provider => {
  const counter = deniedRequests(registry);
  return {
    provide: Denials,
    inject: [KAFKA_SETTINGS, LOG],
    useFactory: (settings: KafkaSettings, log: Log) => {
      let publisher: Publisher | undefined;
      const publish: DenialsParts['publish'] = (records) => {
        publisher ??= new Publisher(settings, { deliveryTimeoutMs });
        return publisher.publish(records);
      };
      const close = async () => publisher?.close();
      return new Denials({ service, publish, close, counter, log, clock: systemClock });
    },
  };
};

export const deniedRequests = (registry: Registry) =>
  counterOf(
    registry,
    'pagebridge_denied_requests_total',
    'Denied requests: no valid token, no permission, or too many requests.',
    'route',
    'reason',
  );
