import type { Target } from '../target.ts';
import { accessTargets } from './access.ts';
import { configTargets } from './config.ts';
import { contractTargets } from './contracts.ts';
import { deadLetterTargets } from './dead-letters.ts';
import { deliveryTargets } from './delivery.ts';
import { destinationTargets } from './destination.ts';
import { handleTargets } from './handles.ts';
import { kafkaTargets } from './kafka.ts';
import { routingTargets } from './routing.ts';

/** Returns the targets without a running service, which are fed in this process. */
export const decoders = (): Target[] => [
  ...contractTargets(),
  ...kafkaTargets(),
  ...deadLetterTargets(),
  ...handleTargets(),
  ...routingTargets(),
  ...deliveryTargets(),
  ...destinationTargets(),
  ...configTargets(),
  ...accessTargets(),
];
