/** `live` false means that only a restart helps; a broker outage is not that: it makes `ready` false and heals. */
export interface ConsumerHealth {
  readonly live: boolean;
  readonly ready: boolean;
  readonly detail: string;
}
