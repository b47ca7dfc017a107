import { defaultFailoverSeconds } from '@pagebridge/contracts';

/** The backup to page if the destination does not accept a page in time. The first limit that is reached counts. */
export interface Failover {
  readonly connectionId: string;
  /** Without `@oncall-`, as in the destination of the backup. */
  readonly teamHandle: string;
  readonly afterFailures?: number;
  readonly afterSeconds?: number;
}

/** Returns a failover as it is stored, with the default seconds if it gives none. */
export const failoverFrom = ({ connectionId, teamHandle, afterFailures, afterSeconds }: FailoverInput): Failover => ({
  connectionId,
  teamHandle,
  ...(afterFailures === undefined ? {} : { afterFailures }),
  afterSeconds: afterSeconds ?? defaultFailoverSeconds,
});

export type FailoverInput = Pick<Failover, 'connectionId' | 'teamHandle'> & {
  readonly afterFailures?: number | undefined;
  readonly afterSeconds?: number | undefined;
};

export const isSameFailover = (a: Failover | undefined, b: Failover | undefined): boolean =>
  a?.connectionId === b?.connectionId &&
  a?.teamHandle === b?.teamHandle &&
  a?.afterFailures === b?.afterFailures &&
  a?.afterSeconds === b?.afterSeconds;
