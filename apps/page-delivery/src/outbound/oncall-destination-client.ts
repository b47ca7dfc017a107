import type { AlertState, Connection, PageState } from '@pagebridge/contracts';
import {
  type Destination,
  type Failure,
  openConnectionOrFormer,
  type ReadPage,
  type Result,
} from '@pagebridge/destination';
import { type CallKind, type FoundText, requestOf } from '@pagebridge/page-lifecycle';
import type { KeyRing } from '@pagebridge/sealed-credentials';
import { cureOfCredential, cureOfPermission, type DataCenter, type RetryReason } from '@pagebridge/vocabulary';
import type { CallResult, DestinationClient, Diagnosis, PagesRead } from '../application/ports.ts';
import type { SnapshotLine } from './snapshot-line.ts';

const kinds: readonly CallKind[] = ['create', 'resolve'];
const permissionFor: Record<CallKind, string> = { create: 'on_call_page', resolve: 'on_call_respond' };

type Opened = Awaited<ReturnType<typeof openConnectionOrFormer>>;

/**
 * Calls the destination of a connection.
 *
 * The credential is opened once for each version of the connection, because opening it is the most expensive part of a
 * page. Teams are paged by id, so that a team is paged even if it was renamed after the page was routed.
 */
export class OncallDestinationClient implements DestinationClient {
  private readonly opened = new WeakMap<Connection, Promise<Opened>>();

  constructor(
    private readonly dataCenters: ReadonlyMap<string, DataCenter>,
    private readonly keys: KeyRing,
    private readonly timeoutMs: number,
    private readonly snapshotLine: SnapshotLine,
  ) {}

  async create(connection: Connection, state: AlertState, page: PageState, text: FoundText): Promise<CallResult> {
    const opened = await this.open(connection);
    if (!opened.ok) return failedOf(opened.failure);
    const result = await opened.value.createPage(
      requestOf(state, page, text, this.snapshotLine(connection, state, page)),
    );
    if (!result.ok) return outcome(result, failedOf(result.failure));
    return outcome(result, { kind: 'created', destinationPageId: result.value.id });
  }

  async resolve(connection: Connection, destinationPageId: string, mayBeGone: boolean): Promise<CallResult> {
    const opened = await this.open(connection);
    if (!opened.ok) return failedOf(opened.failure);
    const result = await opened.value.resolvePage(destinationPageId);
    if (result.ok) return outcome(result, { kind: 'resolved' });
    const { failure } = result;
    if (!isUnknownPage(failure)) return outcome(result, failedOf(failure));
    const unknown: CallResult = { kind: 'failed', cause: 'not-found', detail: failure.detail, mayHaveCreated: false };
    return outcome(result, mayBeGone ? { kind: 'resolved' } : unknown);
  }

  async diagnose(connection: Connection): Promise<Diagnosis> {
    const opened = await this.open(connection);
    if (!opened.ok) return { kind: opened.failure.kind === 'credential' ? 'unopenable' : 'unknown' };
    const user = await opened.value.currentUser();
    if (!user.ok) return { kind: user.failure.kind === 'credential' ? 'refused' : 'unknown' };
    if (user.value.disabled) return { kind: 'refused' };
    const lacks = (kind: CallKind) => !user.value.permissions.includes(permissionFor[kind]);
    const missing = kinds.filter(lacks).map((kind) => [kind, permissionFor[kind]]);
    return { kind: 'accepted', missing: Object.fromEntries(missing) };
  }

  listPages(connection: Connection, part: number, size: number): Promise<PagesRead> {
    // The list may end before the part that is asked for.
    return this.read(connection, part > 0, (destination) => destination.listPages?.(part, size));
  }

  page(connection: Connection, destinationPageId: string): Promise<PagesRead> {
    return this.read(connection, true, async (destination) => {
      const result = await destination.getPage?.(destinationPageId);
      return result?.ok ? { ok: true, value: [result.value] } : result;
    });
  }

  /** `mayLack`: a destination without what is asked for is no reason to stop asking. */
  private async read(
    connection: Connection,
    mayLack: boolean,
    ask: (destination: Destination) => Promise<Result<readonly ReadPage[]> | undefined> | undefined,
  ): Promise<PagesRead> {
    const opened = await this.open(connection);
    const result = opened.ok ? await ask(opened.value) : opened;
    // This vendor has no list.
    if (!result) return { kind: 'read', pages: [] };
    return result.ok ? { kind: 'read', pages: result.value } : notRead(result.failure, mayLack);
  }

  private open(connection: Connection): Promise<Opened> {
    const known = this.opened.get(connection);
    if (known) return known;
    const opened = this.openAnew(connection);
    this.opened.set(connection, opened);
    // A rejection is a bug. It fails only this call; the next call opens the credential again.
    opened.catch(() => this.opened.delete(connection));
    return opened;
  }

  private async openAnew(connection: Connection): Promise<Opened> {
    const dataCenter = this.dataCenters.get(connection.dataCenter);
    if (dataCenter) return openConnectionOrFormer(connection, this.keys, { dataCenter, timeoutMs: this.timeoutMs });
    // Another instance, or this one after a restart, may have the data center configured: the page waits.
    const detail = `Data center ${connection.dataCenter} is not in DATA_CENTERS.`;
    return { ok: false, failure: { kind: 'retry', cause: 'network', detail, sent: false } };
  }
}

// On-Call does not know the page any more, so there is nothing to resolve; or not yet, just after it accepted the page.
const isUnknownPage = ({ sent, cause }: Failure): boolean => sent && cause === 'not-found';

// A failure that ends by itself is asked again soon; any other needs its cure.
function notRead({ kind, cause, detail, retryAfterMs = 0 }: Failure, mayLack: boolean): PagesRead {
  const cure = cause === 'unauthorized' ? cureOfCredential({}) : cureOfPermission('on_call_read');
  if (kind === 'credential') return { kind: 'refused', detail: `${detail} ${cure}` };
  if (kind === 'retry' && cause !== 'not-found' && cause !== 'bad-answer')
    return { kind: 'failed', waitMs: retryAfterMs };
  if (mayLack) return { kind: 'read', pages: [] };
  return { kind: 'refused', detail: `${detail} Check whether this destination has a list of its pages.` };
}

function failedOf(failure: Failure): CallResult {
  const { kind, detail, retryAfterMs } = failure;
  if (kind === 'permanent') return { kind: 'refused', detail };
  return {
    kind: 'failed',
    cause: causeOf(failure),
    detail,
    mayHaveCreated: mayHaveCreated(failure),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  };
}

function causeOf({ cause }: Failure): RetryReason {
  if (cause === 'unauthorized') return 'credential';
  // The destination may refuse either the page or the credential.
  if (cause === 'missing-permission') return 'forbidden';
  return cause === 'not-found' || cause === 'rejected' ? 'server' : cause;
}

// The page may exist if no answer came, after "created" without a page id, and after any 5xx or 408: a proxy answers
// so when its connection broke after the request was sent.
const mayHaveCreated = ({ sent, status, cause }: Failure): boolean =>
  sent && (status === undefined || status === 408 || status >= 500 || cause === 'bad-answer');

function outcome<T>({ rateLimit, call }: Result<T>, called: CallResult): CallResult {
  // The ledger reads whole numbers alone, and a header may have any.
  if (rateLimit && call) return { ...called, rateLimit, call: { ...call, limitLeft: Math.floor(rateLimit.remaining) } };
  return call ? { ...called, call } : called;
}
