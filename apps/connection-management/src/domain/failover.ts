/** The backup to page if the destination does not accept a page in time. At least one limit is set; the first reached counts. */
export interface Failover {
  readonly connectionId: string;
  /** Without `@oncall-`, as in the destination of the backup. */
  readonly teamHandle: string;
  readonly afterFailures?: number;
  readonly afterSeconds?: number;
}

/** Long enough for a destination that asks for a pause, short enough for a responder who should be awake. */
export const defaultAfterSeconds = 120;

/** Returns a failover as it is stored: without any limit it gets the default one. */
export function failoverFrom({ connectionId, teamHandle, afterFailures, afterSeconds }: FailoverWish): Failover {
  const seconds = afterSeconds ?? (afterFailures === undefined ? defaultAfterSeconds : undefined);
  return {
    connectionId,
    teamHandle,
    ...(afterFailures === undefined ? {} : { afterFailures }),
    ...(seconds === undefined ? {} : { afterSeconds: seconds }),
  };
}

export type FailoverWish = Pick<Failover, 'connectionId' | 'teamHandle'> & {
  readonly afterFailures?: number | undefined;
  readonly afterSeconds?: number | undefined;
};

export const isSameFailover = (a: Failover | undefined, b: Failover | undefined): boolean =>
  a?.connectionId === b?.connectionId &&
  a?.teamHandle === b?.teamHandle &&
  a?.afterFailures === b?.afterFailures &&
  a?.afterSeconds === b?.afterSeconds;
