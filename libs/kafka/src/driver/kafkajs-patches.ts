import { AsyncLocalStorage } from 'node:async_hooks';
import { createRequire } from 'node:module';
import { abandonSilent, closeOnTimeout, leaveLostCoordinator } from './patches/lost-brokers.ts';
import {
  acceptPartitionErrors,
  isolateUnreadable,
  type ParseFetch,
  refreshSoonForLeaders,
  skipLeaderlessOffsets,
  type Unreadable,
} from './patches/partition-errors.ts';
import { defaultMaxDecompressedBytes, readFetchResponse } from './protocol/fetch-response.ts';
import {
  guardedRequests,
  nameDenied,
  nameDeniedPartitions,
  nameDeniedTopics,
  rememberCoordinatorFault,
  throwCoordinatorFault,
} from './security/denied-operations.ts';

// kafkajs 2.2.4 is the last release. Each patch here changes a behaviour that paging cannot use and no setting changes;
// it can go when kafkajs is replaced or releases a fix. Any other version fails here, at load, not in production.
const require = createRequire(import.meta.url);
const supported = '2.2.4';

type Method = (...args: never[]) => unknown;

/** Replaces a method of a kafkajs class. */
function patch<M extends Method>(path: string, method: string, replacement: (original: M) => M): void {
  const { prototype } = require(`kafkajs/src/${path}`) as { prototype: Record<string, M> };
  prototype[method] = replacement(prototype[method] as M);
}

interface RequestQueue {
  pending: unknown[];
  throttledUntil: number;
  throttleCheckTimeoutId: NodeJS.Timeout | null;
  checkPendingRequests(): void;
}

// tulios/kafkajs#1556, #1704: a timer of 1 ms runs forever on each idle connection, and Node 24 warns of its negative
// delay (#1751). Without pending requests there is nothing to check: push() schedules a check when it queues.
function scheduleCheckPendingRequests(this: RequestQueue): void {
  if (this.pending.length === 0 || this.throttleCheckTimeoutId) return;
  const delayMs = Math.max(this.throttledUntil - Date.now(), 10);
  this.throttleCheckTimeoutId = setTimeout(() => {
    this.throttleCheckTimeoutId = null;
    this.checkPendingRequests();
  }, delayMs);
}

interface TimedQueue {
  readonly enforceRequestTimeout: boolean;
  readonly inflight: ReadonlyMap<number, { sentAt: number; requestTimeout: number; timeoutRequest(): void }>;
  isConnected(): boolean;
  destroy(): void;
}

const timeoutCheckMs = 500;
const timedQueues = new Set<TimedQueue>();
let timeoutCheck: NodeJS.Timeout | undefined;

// kafkajs checks each connection ten times a second for requests beyond their timeout. These wake-ups are the largest
// cost of an idle process, so here one timer checks all connections.
function scheduleRequestTimeoutCheck(this: TimedQueue): void {
  if (!this.enforceRequestTimeout) return;
  this.destroy();
  timedQueues.add(this);
  timeoutCheck ??= setInterval(checkTimeouts, timeoutCheckMs);
}

function checkTimeouts(): void {
  const now = Date.now();
  for (const queue of timedQueues) {
    for (const request of queue.inflight.values()) {
      if (now - request.sentAt > request.requestTimeout) request.timeoutRequest();
    }
    if (!queue.isConnected()) queue.destroy();
  }
}

const forgetOnDestroy = (destroy: TimedQueue['destroy']): TimedQueue['destroy'] =>
  function (this: TimedQueue) {
    destroy.call(this);
    timedQueues.delete(this);
    if (timedQueues.size > 0) return;
    clearInterval(timeoutCheck);
    timeoutCheck = undefined;
  };

interface Group {
  idleWaitTime: number;
  paused(): readonly unknown[];
}

/** The longest wait of a fetch while a partition is paused, in ms: a resumed partition is fetched after it. */
export const pausedWaitMs = 25;

// A fetch returns as soon as there is a record, so a long wait delays only partitions that are resumed during it. With
// a backlog, all partitions of a fetch are paused together; kafkajs then only sleeps for as long, and sends no request.
const lessWhilePaused: PropertyDescriptor & ThisType<Group> = {
  get() {
    return this.paused().length > 0 ? pausedWaitMs : this.idleWaitTime;
  },
  set(ms: number) {
    this.idleWaitTime = ms;
  },
};

interface FetchAnswer {
  decode(bytes: Buffer): Promise<unknown>;
  parse: ParseFetch;
}

/** The settings and callbacks of one consumer for the requests that kafkajs sends for it. */
export interface MemberHooks {
  /** The limit for a decompressed record batch, in bytes. */
  readonly maxDecompressedBytes?: number | undefined;
  onUnreadable(unreadable: Unreadable): void;
  /** The member id and generation of the last join; the event GROUP_JOIN lacks the generation. */
  memberId?: string;
  generation?: number;
  /** Called before a request to join or leave the group. The request waits for the promise, which must not reject. */
  beforeDeparture(): Promise<void>;
  /** The group no longer knows the member. */
  onExpelled(): void;
}

const members = new AsyncLocalStorage<MemberHooks>();

/** Attributes every request that kafkajs sends within `run`, and within all that `run` starts, to this consumer. */
export const asMember = <T>(hooks: MemberHooks, run: () => T): T => members.run(hooks, run);

// kafkajs creates several objects, views and big integers for each record, and copies all headers for each header. It
// decompresses without a limit, and a record that it cannot decode ends the consumer.
function readFetchesInOnePass(answer: FetchAnswer): void {
  answer.parse = isolateUnreadable(nameDeniedPartitions(answer.parse), (its) => members.getStore()?.onUnreadable(its));
  answer.decode = (bytes) =>
    readFetchResponse(bytes, members.getStore()?.maxDecompressedBytes ?? defaultMaxDecompressedBytes);
}

interface MemberRequest {
  readonly memberId: string;
}
type JoinGroup = (request: MemberRequest) => Promise<MemberRequest & { readonly generationId: number }>;
type Request = (request: MemberRequest) => Promise<unknown>;

const rememberGeneration = (joinGroup: JoinGroup): JoinGroup =>
  async function (this: unknown, request) {
    const member = members.getStore();
    await member?.beforeDeparture();
    const group = await joinGroup.call(this, request);
    const { memberId, generationId: generation } = group;
    if (member) Object.assign(member, { memberId, generation });
    return group;
  };

// After an expulsion kafkajs joins as a new member, and emits no event until it has joined.
const reportExpulsion = (send: Request): Request =>
  async function (this: unknown, request) {
    try {
      return await send.call(this, request);
    } catch (error) {
      const member = members.getStore();
      const isUnknown = (error as { type?: string }).type === 'UNKNOWN_MEMBER_ID';
      if (isUnknown && member?.memberId === request.memberId) member.onExpelled();
      throw error;
    }
  };

const delayLeaving = (leaveGroup: Request): Request =>
  async function (this: unknown, request) {
    await members.getStore()?.beforeDeparture();
    return leaveGroup.call(this, request);
  };

const { version } = require('kafkajs/package.json') as { version: string };
if (version !== supported) throw new Error(`kafkajs ${version} is installed; the patches here are for ${supported}`);
// The order counts for methods of several patches: each wraps those above it, so that the hooks of a member get the answer of
// the broker, before a lost coordinator changes its error and a missing right is named in it.
patch('network/requestQueue', 'scheduleCheckPendingRequests', () => scheduleCheckPendingRequests);
patch('network/requestQueue', 'scheduleRequestTimeoutCheck', () => scheduleRequestTimeoutCheck);
patch('network/requestQueue', 'destroy', forgetOnDestroy);
Object.defineProperty(require('kafkajs/src/consumer/consumerGroup').prototype, 'maxWaitTime', lessWhilePaused);
readFetchesInOnePass(require('kafkajs/src/protocol/requests/fetch/v11/response') as FetchAnswer);
const metadataAnswer = require('kafkajs/src/protocol/requests/metadata/v6/response') as {
  parse: Parameters<typeof acceptPartitionErrors>[0];
};
metadataAnswer.parse = acceptPartitionErrors(metadataAnswer.parse);
patch('cluster/brokerPool', 'refreshMetadata', (refresh: Parameters<typeof refreshSoonForLeaders>[0]) =>
  refreshSoonForLeaders(refresh, (its) => members.getStore()?.onUnreadable(its)),
);
patch('cluster', 'fetchTopicsOffset', (fetch: Parameters<typeof skipLeaderlessOffsets>[0]) =>
  skipLeaderlessOffsets(fetch, () => members.getStore() !== undefined),
);
patch('broker', 'joinGroup', rememberGeneration);
patch('broker', 'leaveGroup', delayLeaving);
patch('broker', 'heartbeat', reportExpulsion);
patch('broker', 'offsetCommit', reportExpulsion);
patch('network/connectionPool', 'send', closeOnTimeout);
patch('broker', 'connect', abandonSilent);
for (const request of ['joinGroup', 'syncGroup', 'heartbeat', 'offsetCommit'])
  patch('broker', request, (send: Request) => leaveLostCoordinator(request, send));
patch('broker', 'metadata', nameDeniedTopics);
for (const request of guardedRequests) patch('broker', request, nameDenied(request));
patch('broker', 'findGroupCoordinator', rememberCoordinatorFault);
patch('cluster', 'findGroupCoordinatorMetadata', throwCoordinatorFault);
