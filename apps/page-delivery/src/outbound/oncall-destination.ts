import type { AlertState, Connection, PageState } from '@pagebridge/contracts';
import { type Failure, openConnection, type PageRequest, type Result } from '@pagebridge/destination';
import type { KeyRing } from '@pagebridge/sealed-credentials';
import type { DataCenter } from '@pagebridge/vocabulary';
import type { Called, Destination, Diagnosis } from '../application/ports.ts';
import type { FailedCause } from '../domain/attempts/settle.ts';
import { describedFor, failoverTags } from '../domain/failover/failover-note.ts';
import type { Step } from '../domain/page.ts';

const steps: readonly Step[] = ['create', 'resolve'];
const permissionFor: Record<Step, string> = { create: 'on_call_page', resolve: 'on_call_respond' };

type Opened = Awaited<ReturnType<typeof openConnection>>;

/**
 * Calls the destination behind a connection. The credential is opened once, and forgotten with the connection as it
 * stands: opening it costs more than all else that is done for a page.
 *
 * Teams are paged by id and not by handle: a team that was renamed since the page was routed is still the one meant.
 */
export class OncallDestination implements Destination {
  private readonly opened = new WeakMap<Connection, Promise<Opened>>();

  constructor(
    private readonly dataCenters: ReadonlyMap<string, DataCenter>,
    private readonly keys: KeyRing,
    private readonly timeoutMs: number,
  ) {}

  async create(connection: Connection, state: AlertState, page: PageState): Promise<Called> {
    const opened = await this.open(connection);
    if (!opened.ok) return failedOf(opened.failure);
    const result = await opened.value.createPage(requestOf(state, page));
    if (!result.ok) return telling(result, failedOf(result.failure));
    return telling(result, { kind: 'created', destinationPageId: result.value.id });
  }

  async resolve(connection: Connection, destinationPageId: string): Promise<Called> {
    const opened = await this.open(connection);
    if (!opened.ok) return failedOf(opened.failure);
    const result = await opened.value.resolvePage(destinationPageId);
    // The destination does not know the page any more: there is nothing left to resolve.
    if (result.ok || result.failure.status === 404) return telling(result, { kind: 'resolved' });
    return telling(result, failedOf(result.failure));
  }

  async diagnose(connection: Connection): Promise<Diagnosis> {
    const opened = await this.open(connection);
    if (!opened.ok) return { kind: 'unknown' };
    const user = await opened.value.currentUser();
    if (!user.ok) return { kind: user.failure.kind === 'credential' ? 'refused' : 'unknown' };
    if (user.value.disabled) return { kind: 'refused' };
    const lacks = (step: Step) => !user.value.permissions.includes(permissionFor[step]);
    const missing = steps.filter(lacks).map((step) => [step, permissionFor[step]]);
    return { kind: 'accepted', missing: Object.fromEntries(missing) };
  }

  private open(connection: Connection): Promise<Opened> {
    const known = this.opened.get(connection);
    if (known) return known;
    const opened = this.openAnew(connection);
    this.opened.set(connection, opened);
    // A bug is not kept: whoever asked hears of it, and the next one tries again.
    opened.catch(() => this.opened.delete(connection));
    return opened;
  }

  private async openAnew(connection: Connection): Promise<Opened> {
    const dataCenter = this.dataCenters.get(connection.dataCenter);
    if (dataCenter) return openConnection(connection, this.keys, { dataCenter, timeoutMs: this.timeoutMs });
    // Another instance, or this one after a restart, may know it: the page waits.
    const detail = `Data center ${connection.dataCenter} is not in DATA_CENTERS.`;
    return { ok: false, failure: { kind: 'retry', cause: 'network', detail, sent: false } };
  }
}

function requestOf(state: AlertState, page: PageState): PageRequest {
  const { content, teamId, urgency, pageId, possibleDuplicate } = page;
  return {
    teamId,
    urgency,
    // A page without a title may be refused, and a page without words still says that something is wrong.
    title: content?.title.trim() || `Alert ${state.alertKey}`,
    description: describedFor(state, page),
    tags: [
      ...(content?.tags ?? []),
      ...failoverTags(page),
      `page-id:${pageId}`,
      ...(possibleDuplicate ? ['possible-duplicate:true'] : []),
    ],
  };
}

function failedOf(failure: Failure): Called {
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

function causeOf({ cause }: Failure): FailedCause {
  switch (cause) {
    case 'timeout':
    case 'network':
    case 'rate-limited':
    case 'server':
    case 'redirect':
    case 'bad-answer':
      return cause;
    case 'unauthorized':
      return 'credential';
    // Of the page alone, or of whatever the credential is used for: it does not say.
    case 'forbidden':
    case 'missing-permission':
      return 'forbidden';
    default:
      return 'server';
  }
}

// Where no answer came, or one that says "created" without a page's id, or one of a gateway or a server that broke at an
// unknown point: any 5xx and 408, since proxies have codes of their own, and answer 503 also when the connection broke
// after the request was sent. With Retry-After it is the destination's own word that it did not take the request, as 429 is.
function mayHaveCreated({ sent, status, cause, retryAfterMs }: Failure): boolean {
  if (!sent) return false;
  if (status === undefined || status === 408 || cause === 'bad-answer') return true;
  return status >= 500 && !(status === 503 && retryAfterMs !== undefined);
}

const telling = <T>({ rateLimit }: Result<T>, called: Called): Called =>
  rateLimit ? { ...called, rateLimit } : called;
