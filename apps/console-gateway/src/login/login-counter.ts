import type { Provider } from '@nestjs/common';
import { counterOf } from '@pagebridge/service';
import { type Counter, Registry } from 'prom-client';

export const LOGINS = Symbol('Logins');

/** Counts logins: `completed`, or the code of the problem. */
export type LoginCounter = Counter<'result'>;

export const loginCounter: Provider = {
  provide: LOGINS,
  inject: [Registry],
  useFactory: (registry: Registry) =>
    counterOf(registry, 'pagebridge_console_logins_total', 'Logins to the console, by result.', 'result'),
};
