import { AsyncLocalStorage } from 'node:async_hooks';
import { createRequire } from 'node:module';
import { defaultMaxDecompressedBytes, readFetchResponse } from './protocol/fetch-response.ts';
import {
  askNobodyForOffsets,
  lookSoonForLeaders,
  type ParseFetch,
  setUnreadableAside,
  takePartitionErrors,
  type Unreadable,
} from './protocol/partition-errors.ts';
import { writeHeadersInPlace } from './request-headroom.ts';
import {
  guardedRequests,
  keepCoordinatorFault,
  nameDenied,
  nameDeniedPartitions,
  nameDeniedTopics,
  tellCoordinatorFault,
} from './security/denied-operations.ts';

// kafkajs 2.2.4 is the last release; these are the places where it cannot be configured into what paging needs. Each
// patch can go when kafkajs is replaced or releases a fix. Anything but 2.2.4 fails here, at load, and not at night.
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

// tulios/kafkajs#1556, #1704: a timer of 1 ms runs for ever on each idle connection, and since Node 24 warns of its
// negative delay (#1751). With nothing pending there is nothing to check: push() schedules when it has to queue.
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

// kafkajs looks ten times a second, on each connection, for a request that has waited its 10 seconds. Waking up is what
// costs an idle process most: here it looks at all connections at once.
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

interface TopicPartitions {
  readonly partitions: readonly unknown[];
}

interface Group {
  maxWaitTime: number;
  idleWaitTime?: number;
  readonly subscriptionState: { active(): readonly TopicPartitions[] };
  paused(): readonly TopicPartitions[];
  filterPartitionsByNode(nodeId: number, assigned: readonly TopicPartitions[]): readonly TopicPartitions[];
}
type Fetch = (this: Group, nodeId: number) => Promise<unknown>;

/** How long a fetch may wait while some partitions are paused: until they are looked at again when resumed, in ms. */
export const pausedWaitMs = 100;
/** The same while all of a broker's partitions are paused, in ms. Then kafkajs only sleeps, and asks the broker nothing. */
export const allPausedWaitMs = 10;

// An answer comes as soon as there is a record, so a long wait delays none, except of what is resumed meanwhile. With a
// backlog, all partitions of a fetch are slow and paused together, and all wait for the next look.
const waitLessWhilePaused = (fetch: Fetch): Fetch =>
  function (nodeId) {
    this.idleWaitTime ??= this.maxWaitTime;
    this.maxWaitTime = Math.min(this.idleWaitTime, longestWaitOf(this, nodeId));
    return fetch.call(this, nodeId);
  };

function longestWaitOf(group: Group, nodeId: number): number {
  if (group.paused().length === 0) return Number.POSITIVE_INFINITY;
  return isAllPaused(group, nodeId) ? allPausedWaitMs : pausedWaitMs;
}

function isAllPaused(group: Group, nodeId: number): boolean {
  const isAny = (of: readonly TopicPartitions[]) =>
    group.filterPartitionsByNode(nodeId, of).some(({ partitions }) => partitions.length > 0);
  try {
    return isAny(group.paused()) && !isAny(group.subscriptionState.active());
  } catch {
    // The metadata lack a topic or a leader: the fetch that follows comes to the same, and gets them anew.
    return false;
  }
}

interface FetchAnswer {
  decode(bytes: Buffer): Promise<unknown>;
  parse: ParseFetch;
}

/** What a consumer wants of the requests that kafkajs makes for it, and of them to know. */
export interface MemberHooks {
  /** What a record batch may take when it is decompressed. */
  readonly maxDecompressedBytes?: number | undefined;
  onUnreadable(unreadable: Unreadable): void;
  /** As whom it last joined its group, and in which generation; GROUP_JOIN does not tell that. */
  memberId?: string;
  generation?: number;
  /** It asks to join anew or to leave; the request waits for this, which must not reject, before the group hears of it. */
  departs(): Promise<void>;
  /** The group does not know it any more. */
  isExpelled(): void;
}

const members = new AsyncLocalStorage<MemberHooks>();

/** Whatever a consumer asks of a broker within `run`, and all that this starts, is known as this one's. */
export const asMember = <T>(its: MemberHooks, run: () => T): T => members.run(its, run);

// kafkajs makes several objects, views and big integers of each record, and copies all its headers for each of them. It
// decompresses without a bound, and what it cannot decode ends the consumer.
function readFetchesInOnePass(answer: FetchAnswer): void {
  answer.parse = setUnreadableAside(nameDeniedPartitions(answer.parse), (its) => members.getStore()?.onUnreadable(its));
  answer.decode = (bytes) =>
    readFetchResponse(bytes, members.getStore()?.maxDecompressedBytes ?? defaultMaxDecompressedBytes);
}

interface OfMember {
  readonly memberId: string;
}
type JoinGroup = (request: OfMember) => Promise<OfMember & { readonly generationId: number }>;
type Request = (request: OfMember) => Promise<unknown>;

const rememberGeneration = (joinGroup: JoinGroup): JoinGroup =>
  async function (this: unknown, request) {
    const member = members.getStore();
    await member?.departs();
    const group = await joinGroup.call(this, request);
    const { memberId, generationId: generation } = group;
    if (member) Object.assign(member, { memberId, generation });
    return group;
  };

// kafkajs then joins as a stranger, and says nothing until it has joined.
const tellOfExpulsion = (ask: Request): Request =>
  async function (this: unknown, request) {
    try {
      return await ask.call(this, request);
    } catch (error) {
      const member = members.getStore();
      const isUnknown = (error as { type?: string }).type === 'UNKNOWN_MEMBER_ID';
      if (isUnknown && member?.memberId === request.memberId) member.isExpelled();
      throw error;
    }
  };

const tellOfLeaving = (leaveGroup: Request): Request =>
  async function (this: unknown, request) {
    await members.getStore()?.departs();
    return leaveGroup.call(this, request);
  };

const { version } = require('kafkajs/package.json') as { version: string };
if (version !== supported) throw new Error(`kafkajs ${version} is installed; the workarounds here fit ${supported}`);
patch('network/requestQueue', 'scheduleCheckPendingRequests', () => scheduleCheckPendingRequests);
patch('network/requestQueue', 'scheduleRequestTimeoutCheck', () => scheduleRequestTimeoutCheck);
patch('network/requestQueue', 'destroy', forgetOnDestroy);
patch('consumer/consumerGroup', 'fetch', waitLessWhilePaused);
readFetchesInOnePass(require('kafkajs/src/protocol/requests/fetch/v11/response') as FetchAnswer);
const metadataAnswer = require('kafkajs/src/protocol/requests/metadata/v6/response') as {
  parse: Parameters<typeof takePartitionErrors>[0];
};
metadataAnswer.parse = takePartitionErrors(metadataAnswer.parse);
patch('cluster/brokerPool', 'refreshMetadata', lookSoonForLeaders);
patch('cluster', 'fetchTopicsOffset', (fetch: Parameters<typeof askNobodyForOffsets>[0]) =>
  askNobodyForOffsets(fetch, () => members.getStore() !== undefined),
);
patch('broker', 'joinGroup', rememberGeneration);
patch('broker', 'leaveGroup', tellOfLeaving);
patch('broker', 'heartbeat', tellOfExpulsion);
patch('broker', 'offsetCommit', tellOfExpulsion);
patch('broker', 'metadata', nameDeniedTopics);
for (const request of guardedRequests) patch('broker', request, nameDenied(request));
patch('broker', 'findGroupCoordinator', keepCoordinatorFault);
patch('cluster', 'findGroupCoordinatorMetadata', tellCoordinatorFault);
writeHeadersInPlace();
