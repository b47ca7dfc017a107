import type { AlertState, Connection, PageCommand, PageOutcome, PageState } from '@pagebridge/contracts';
import {
  type FoundText,
  LedgerReading,
  type PageText,
  type Policy,
  type ReceivedCommand,
  type UnreportedOutcome,
} from '@pagebridge/page-lifecycle';
import { aConnection, FakeClock, settled } from '@pagebridge/testing';
import { alertIdentity } from '@pagebridge/vocabulary';
import { defaultPolicy } from '../../../../libs/page-lifecycle/src/attempts/policy.fixtures.ts';
import { deliveryParts } from './delivery-parts.ts';
import {
  type CallResult,
  type CredentialFault,
  type DestinationClient,
  type Diagnosis,
  type Drained,
  type LedgerWrite,
  type LedgerWriter,
  type ListedPage,
  type Log,
  NotWritten,
  type PagesRead,
  type PageTexts,
  type PendingOutcome,
} from './ports.ts';

const nothing = () => undefined;
export const noLog: Log = { debug: nothing, info: nothing, warn: nothing, error: nothing };
export const noMetrics = {
  outcome: nothing,
  failedOver: nothing,
  attempt: nothing,
  ledgerWrite: nothing,
  forgotten: nothing,
  closedThere: nothing,
};

/** A fake of the topics of the ledger, outcomes and dead letters, which outlives the process that writes to it. */
export class FakeLedgerWriter implements LedgerWriter {
  readonly writes: LedgerWrite[][] = [];
  readonly published: PageOutcome[] = [];
  /** The page ids of the dead letters. */
  readonly letters: string[] = [];
  /** The written records, in their order. */
  readonly history: string[] = [];
  /** Returns whether Kafka refuses a write for good. */
  refuses: (write: LedgerWrite) => boolean = () => false;
  private held: { readonly after: number; readonly release: PromiseWithResolvers<void> } | undefined;
  private failures = 0;
  private torn: number | undefined;
  private mute = 0;
  private deadLettersHeld: Promise<void> | undefined;

  async states(writes: readonly LedgerWrite[]): Promise<ReadonlyMap<string, string>> {
    await this.untilReleased();
    if (this.failures > 0) {
      this.failures -= 1;
      throw new NotWritten('no broker');
    }
    if (this.torn !== undefined) {
      this.writes.push(structuredClone(writes.slice(0, this.torn).filter((write) => !this.refuses(write))));
      this.torn = undefined;
      throw new NotWritten('the broker went away meanwhile');
    }
    const refused = writes.filter(this.refuses);
    this.writes.push(structuredClone(writes.filter((write) => !refused.includes(write))));
    for (const { key } of writes) this.history.push(`state of ${key}`);
    return new Map(refused.map(({ key }) => [key, 'it is too large']));
  }

  async outcomes(outcomes: readonly PendingOutcome[]): Promise<void> {
    await this.untilReleased();
    if (this.mute > 0) {
      this.mute -= 1;
      throw new NotWritten('no broker takes outcomes');
    }
    this.published.push(...outcomes.map(({ outcome }) => outcome));
  }

  async deadLetters(_partition: number, unreportedOutcomes: readonly UnreportedOutcome[]): Promise<void> {
    await this.deadLettersHeld;
    for (const { page, outcome } of unreportedOutcomes) {
      this.letters.push(page.pageId);
      this.history.push(`dead letter of ${alertIdentity(outcome.sourceOrg, outcome.alertKey)}`);
    }
  }

  /** Acknowledges `more` writes, then none until the returned function is called. */
  hold(more = 0): () => void {
    const held = Promise.withResolvers<void>();
    this.held = { after: this.writes.length + more, release: held };
    return () => {
      this.held = undefined;
      held.resolve();
    };
  }

  holdDeadLetters(): () => void {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.deadLettersHeld = promise;
    return resolve;
  }

  failNext(times: number): void {
    this.failures = times;
  }

  /** Makes the next write fail after this many states. */
  tearNext(states: number): void {
    this.torn = states;
  }

  /** Makes the next publications of outcomes fail. */
  muteNext(times: number): void {
    this.mute = times;
  }

  /** Returns the alerts that a reader of the partition finds. */
  read(partition: number): Map<string, AlertState> {
    const { alerts, idle } = this.reading(partition).restored();
    return new Map([...alerts, ...idle.all()]);
  }

  reading(partition: number): LedgerReading {
    const reading = new LedgerReading();
    for (const [offset, { key, state: said = 'forgotten', watermark, ...written }] of this.writes.flat().entries()) {
      if (written.partition === partition) reading.add(key, offset, { said, by: written, watermark });
    }
    return reading;
  }

  outcomesOf(pageId: string): string[] {
    return this.published.filter((outcome) => outcome.pageId === pageId).map(({ outcome }) => outcome);
  }

  private async untilReleased(): Promise<void> {
    if (this.held && this.writes.length >= this.held.after) await this.held.release.promise;
  }
}

export interface Call {
  readonly kind: 'create' | 'resolve';
  readonly connectionId: string;
  readonly pageId: string;
  readonly teamId: string;
  readonly tagged: boolean;
  readonly urgency: string;
  answer(called: CallResult): Promise<void>;
}

/** A destination whose calls the test answers, or which answers at once if `always` has an answer. */
export class FakeDestinationClient implements DestinationClient {
  readonly calls: Call[] = [];
  /** The texts of the created pages, in the order of the calls. */
  readonly texts: FoundText[] = [];
  /** The immediate answer to all calls over a connection, by connection id. */
  readonly always = new Map<string, CallResult>();
  diagnosis: Diagnosis | Promise<Diagnosis> = { kind: 'accepted', missing: {} };
  /** Of each resolve: whether an unknown page counts as resolved. */
  readonly mayBeGone: boolean[] = [];
  /** The pages that the list shows, those that were modified last first, and its failures by connection id. */
  listed: readonly ListedPage[] = [];
  readonly unlisted = new Map<string, Exclude<PagesRead, { kind: 'read' }>>();
  /** The parts of the list and the pages that were read, each with its connection. */
  readonly reads: string[] = [];
  /** The number of requested diagnoses. */
  diagnoses = 0;

  create(connection: Connection, _state: AlertState, page: PageState, text: FoundText): Promise<CallResult> {
    this.texts.push(text);
    const { pageId, teamId, possibleDuplicate: tagged, urgency } = page;
    return this.call(connection, { kind: 'create', pageId, teamId, tagged, urgency });
  }

  resolve(connection: Connection, destinationPageId: string, mayBeGone: boolean): Promise<CallResult> {
    this.mayBeGone.push(mayBeGone);
    return this.call(connection, {
      kind: 'resolve',
      pageId: destinationPageId,
      teamId: '',
      tagged: false,
      urgency: '',
    });
  }

  async diagnose(): Promise<Diagnosis> {
    this.diagnoses += 1;
    return this.diagnosis;
  }

  async listPages({ connectionId }: Connection, part: number, size: number): Promise<PagesRead> {
    this.reads.push(`${connectionId} part ${part}`);
    return this.unlisted.get(connectionId) ?? this.read(this.listed.slice(part * size, (part + 1) * size));
  }

  async page({ connectionId }: Connection, id: string): Promise<PagesRead> {
    this.reads.push(`${connectionId} page ${id}`);
    return this.unlisted.get(connectionId) ?? this.read(this.listed.filter((page) => page.id === id));
  }

  private read = (pages: readonly ListedPage[]): PagesRead => ({ kind: 'read', pages });

  private call({ connectionId }: Connection, its: Omit<Call, 'connectionId' | 'answer'>): Promise<CallResult> {
    const { promise, resolve } = Promise.withResolvers<CallResult>();
    const answer = async (called: CallResult) => {
      resolve(called);
      await settled();
    };
    this.calls.push({ ...its, connectionId, answer });
    const at = this.always.get(connectionId);
    if (at) resolve(at);
    return promise;
  }
}

export const created = (destinationPageId = 'd-1'): CallResult => ({ kind: 'created', destinationPageId });
export const failed = (its: Partial<Extract<CallResult, { kind: 'failed' }>> = {}): CallResult => ({
  kind: 'failed',
  cause: 'server',
  detail: 'answered 503',
  mayHaveCreated: false,
  ...its,
});

/** The texts of commands, in memory until a test moves them to the topic, which may not be readable. */
export class FakePageTexts implements PageTexts {
  readonly inMemory = new Map<string, { readonly alertKey: string; readonly text: PageText }>();
  readonly inTopic = new Map<string, PageText>();
  isReadable = true;
  reads = 0;

  keep(_partition: number, { command }: ReceivedCommand<PageCommand>): void {
    const { alertKey, pageId, title, description, tags } = command;
    const text = { title, description, tags };
    this.inMemory.set(pageId, { alertKey, text });
    this.inTopic.set(`${alertKey} ${pageId}`, text);
  }

  forget(_partition: number, { pageId }: PageState): void {
    this.inMemory.delete(pageId);
  }

  kept(_partition: number, { alertKey }: AlertState, { pageId, failoverOf }: PageState): PageText | undefined {
    const kept = this.inMemory.get(failoverOf?.pageId ?? pageId);
    return kept?.alertKey === alertKey ? kept.text : undefined;
  }

  async read(_partition: number, { alertKey }: AlertState, page: PageState): Promise<FoundText | undefined> {
    this.reads += 1;
    if (!this.isReadable) return undefined;
    return this.inTopic.get(`${alertKey} ${page.failoverOf?.pageId ?? page.pageId}`) ?? 'gone';
  }
}

export interface Setup {
  readonly clock?: FakeClock;
  readonly log?: FakeLedgerWriter;
  readonly destination?: FakeDestinationClient;
  readonly policy?: Partial<Policy>;
  readonly concurrency?: number;
  readonly destinationConcurrency?: number;
  readonly waitingBytes?: number;
  readonly idleBytes?: number;
}

/** Starts a process of page-delivery without Kafka and HTTP. Several may share a log and a destination. */
export function aProcess(setup: Setup = {}) {
  const clock = setup.clock ?? new FakeClock(new Date('2026-01-31T12:00:00.000Z'));
  const log = setup.log ?? new FakeLedgerWriter();
  const destination = setup.destination ?? new FakeDestinationClient();
  const policy = { ...defaultPolicy, ...setup.policy };
  const backoff = { baseMs: 1000, capMs: 60_000 };
  const reports: string[] = [];
  const reporting = { failures: 0 };
  const lease = { held: true, owned: true };
  const reporter = {
    credentialFault: async (_: Connection, { detail, missingPermission, unopenable }: CredentialFault) =>
      void reports.push(`credential-fault ${unopenable ? 'unopenable' : (missingPermission ?? '-')} ${detail}`),
    repaired: async () => void reports.push('repaired'),
    drained: async (_: Connection, { partition, resolved, unresolved }: Drained) => {
      reporting.failures -= 1;
      if (reporting.failures >= 0) throw new Error('no broker takes reports');
      reports.push(`drained ${partition}: ${resolved} resolved, ${unresolved} unresolved`);
    },
    pagesUnreadable: async (_: Connection, detail: string) => void reports.push(`pages-unreadable ${detail}`),
    pagesReadable: async () => void reports.push('pages-readable'),
  };
  const lines: object[] = [];
  const warn = (fields: object, message: string) => void lines.push({ message, ...fields });
  const texts = new FakePageTexts();
  const parts = deliveryParts(
    {
      policy,
      lanes: {
        concurrency: setup.concurrency ?? 4,
        destinationConcurrency: setup.destinationConcurrency ?? 16,
        backoff,
      },
      readEveryMs: 30_000,
      idleBytes: setup.idleBytes ?? Number.POSITIVE_INFINITY,
      waitingBytes: setup.waitingBytes ?? Number.POSITIVE_INFINITY,
    },
    {
      ...{ destination, reporter, clock },
      writer: log,
      texts,
      lease: { mayWrite: () => lease.owned, mayCall: () => lease.held },
      log: { ...noLog, warn, error: warn },
      metrics: noMetrics,
      random: () => 1,
    },
  );
  const { connections, scheduler, delivery } = parts;
  return {
    ...{ clock, log, destination, reports, reporting, lines, lease, texts },
    ...parts,
    connect: (its: Partial<Connection> = {}) => {
      const connection = aConnection({ connectionId: '6f1d5c0e-3b0a-4a53-9d4e-2f6f4a1f0c11', ...its });
      connections.apply(connection.connectionId, connection);
      scheduler.renew(connection.connectionId);
      return connection;
    },
    own: (partition = 0, ownerEpoch = 1) => delivery.own(partition, ownerEpoch, log.reading(partition).restored()),
  };
}
