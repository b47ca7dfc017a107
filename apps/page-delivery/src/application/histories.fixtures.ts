import type { AlertState, Command, Connection, PageCommand, PageState } from '@pagebridge/contracts';
import { type ReceivedCommand, type UnreportedOutcome } from '@pagebridge/page-lifecycle';
import { FakeClock, settled } from '@pagebridge/testing';
import { alertIdentity } from '@pagebridge/vocabulary';
import fc from 'fast-check';
import { isEnded } from '../../../../libs/page-lifecycle/src/changes.fixtures.ts';
import { aPage, aResolve, received } from '../../../../libs/page-lifecycle/src/commands/commands.fixtures.ts';
import { aProcess, created, FakeDestinationClient, FakeLedgerWriter, failed } from './fakes.fixtures.ts';
import { LedgerBusy, PartitionLost } from './ledger/partition-lost.ts';
import type { CallResult } from './ports.ts';

const orgs = ['acme-us', 'globex-us'] as const;
const [first, backup, other] = ['a', 'b', 'c'].map((digit) => `00000000-0000-4000-8000-00000000000${digit}`) as [
  string,
  string,
  string,
];
const partitions = [0, 1] as const;
const alertKeys = partitions.map((partition) => [0, 1, 2].map((n) => `alert-${partition}-${n}`));

const does = <Name extends string, Its extends object>(
  name: Name,
  its: { [Key in keyof Its]: fc.Arbitrary<Its[Key]> },
) => fc.record({ do: fc.constant(name), ...its }) as fc.Arbitrary<{ readonly do: Name } & Readonly<Its>>;

const rarely = fc.nat(9).map((drawn) => drawn === 9);
const someMs = fc.constantFrom(100, 1000, 2500, 5000);
const partition = fc.constantFrom(...partitions);

/** A command for one of the alerts of its partition. `repeatsId`: its page has the id of the last page of another alert. */
const command = fc.record({
  alert: fc.nat(2),
  org: fc.constantFrom(0, 0, 0, 0, 1),
  isRecovery: fc.constantFrom(false, false, true),
  apartMs: fc.integer({ min: -1500, max: 1500 }),
  team: fc.constantFrom('team-1', 'team-2'),
  urgency: fc.constantFrom('low' as const, 'high' as const),
  overBackup: fc.constantFrom(false, false, true),
  failover: fc.option(
    fc.record({ afterSeconds: fc.constantFrom(1, 2, 5), afterFailures: fc.constantFrom(undefined, 1, 2) }),
  ),
  repeatsId: fc.constantFrom(false, false, false, true),
});

const processes = fc.record({ concurrency: fc.constantFrom(1, 2, 4), keepsTexts: fc.boolean() });

/** What may happen; `n` selects a batch or a dead letter. */
const happening = fc.oneof(
  {
    weight: 40,
    arbitrary: does('commands', { partition, commands: fc.array(command, { minLength: 1, maxLength: 5 }) }),
  },
  { weight: 5, arbitrary: does('redelivery', { n: fc.nat(50) }) },
  { weight: 5, arbitrary: does('held writes', { more: fc.nat(2), forMs: someMs }) },
  { weight: 3, arbitrary: does('lost lease', { isOwned: fc.boolean(), forMs: someMs }) },
  { weight: 3, arbitrary: does('takeover', { process: processes }) },
  { weight: 4, arbitrary: does('rebalance', { partition }) },
  {
    weight: 8,
    arbitrary: does('connection', {
      connectionId: fc.constantFrom(first, backup),
      enabled: fc.constantFrom(true, true, false),
      deleting: rarely,
    }),
  },
  { weight: 4, arbitrary: does('replay', { n: fc.nat(50), forceNewPage: rarely }) },
  { weight: 2, arbitrary: does('failed writes', { times: fc.nat(3), torn: fc.nat(2), mute: fc.nat(4) }) },
  { weight: 2, arbitrary: does('held dead letters', { forMs: someMs }) },
  {
    weight: 3,
    arbitrary: does('refused alert', {
      alertKey: fc.constantFrom(...alertKeys.flat()),
      abovePages: fc.nat(3),
      forMs: fc.constantFrom(1000, 5000, 20_000),
    }),
  },
);

const answer = fc.record({
  afterMs: fc.constantFrom(1, 1, 5, 50, 500, 5000, 10_000),
  kind: fc.constantFrom('created', 'created', 'reply lost', 'not created', 'rate limit', 'refused', 'credential fault'),
  /** The calls that the rate limit leaves; undefined if the answer names no limit. */
  remaining: fc.option(fc.nat(2), { nil: undefined }),
});

/** An arbitrary history of two partitions and of the processes that own them, with the faults of everything around. */
export const histories = fc.record({
  steps: fc.array(
    fc.record({ happens: happening, thenMs: fc.constantFrom(0, 1, 10, 100, 500, 1000, 1000.3, 2000, 5000) }),
    // fast-check draws mostly short ones otherwise.
    { minLength: 1, maxLength: 60, size: 'max' },
  ),
  process: processes,
  /** Used in turn, over and over. */
  answers: fc.array(answer, { minLength: 1, maxLength: 40, size: 'max' }),
  reads: fc.array(fc.record({ afterMs: fc.constantFrom(1, 3, 20, 200, 990), fails: rarely }), { minLength: 1 }),
  /** Whether the backup leads to the destination of the first connection. */
  sharesDestination: fc.boolean(),
  tickMs: fc.constantFrom(0, 0.02),
  // The two partitions have a sixth of it, for some ten pages.
  waitingBytes: fc.constantFrom(Number.POSITIVE_INFINITY, 100_000),
  /** The alerts that a newer version wrote: this one reads none of their records. */
  unreadable: fc.subarray(alertKeys.flat(), { maxLength: 1 }),
});

type Drawn<A> = A extends fc.Arbitrary<infer Value> ? Value : never;
type History = Drawn<typeof histories>;
type Happening = History['steps'][number]['happens'];
type DrawnCommand = Drawn<typeof command>;

interface Batch {
  readonly partition: number;
  readonly commands: readonly ReceivedCommand[];
  isCommitted: boolean;
}

/** Names a page: the page ids of two alerts may be equal. */
const nameOf = ({ sourceOrg, alertKey, pageId }: Pick<PageCommand, 'sourceOrg' | 'alertKey' | 'pageId'>): string =>
  `${alertIdentity(sourceOrg, alertKey)} ${pageId}`;

class Topics extends FakeLedgerWriter {
  /** The names of the pages with a dead letter. */
  readonly lettersOf = new Set<string>();

  constructor(private readonly unreadable: readonly string[]) {
    super();
  }

  override async deadLetters(partition: number, unreported: readonly UnreportedOutcome[]): Promise<void> {
    await super.deadLetters(partition, unreported);
    for (const { outcome } of unreported) this.lettersOf.add(nameOf(outcome));
  }

  override reading(partition: number) {
    const reading = super.reading(partition);
    const end = this.writes.flat().length;
    for (const alertKey of this.unreadable)
      for (const org of orgs) reading.add(alertIdentity(org, alertKey), end, { said: 'unreadable' });
    return reading;
  }
}

interface Create {
  readonly page: string;
  mayExist: boolean;
}

/** Answers with delay, as drawn, until everything is well. */
class Destination extends FakeDestinationClient {
  readonly creates: Create[] = [];
  /** The pages that were created twice without a tag. */
  readonly doubles: string[] = [];
  private count = 0;

  constructor(
    private readonly clock: FakeClock,
    private readonly answers: History['answers'],
    private readonly isWell: () => boolean,
  ) {
    super();
  }

  override async create(_: Connection, { sourceOrg, alertKey }: AlertState, { pageId, possibleDuplicate }: PageState) {
    const create = { page: nameOf({ sourceOrg, alertKey, pageId }), mayExist: true };
    if (!possibleDuplicate && this.mayHave(create.page)) this.doubles.push(create.page);
    this.creates.push(create);
    const its = await this.answer();
    const called = resultOf(its.kind, `d-${this.creates.length}`);
    create.mayExist = called.kind === 'created' || (called.kind === 'failed' && called.mayHaveCreated);
    return limited(called, its.remaining);
  }

  override async resolve(): Promise<CallResult> {
    const { kind, remaining } = await this.answer();
    return limited(kind === 'created' || kind === 'refused' ? { kind: 'resolved' } : failed(), remaining);
  }

  mayHave = (page: string): boolean => this.creates.some((create) => create.page === page && create.mayExist);

  private async answer(): Promise<History['answers'][number]> {
    const drawn = this.answers[this.count % this.answers.length];
    this.count += 1;
    const its = drawn && !this.isWell() ? drawn : ({ afterMs: 1, kind: 'created', remaining: undefined } as const);
    await passing(this.clock, its.afterMs);
    return its;
  }
}

function resultOf(kind: History['answers'][number]['kind'], destinationPageId: string): CallResult {
  if (kind === 'created') return created(destinationPageId);
  if (kind === 'refused') return { kind: 'refused', detail: 'no such team' };
  if (kind === 'reply lost') return failed({ cause: 'timeout', mayHaveCreated: true });
  if (kind === 'rate limit') return failed({ cause: 'rate-limited', retryAfterMs: 1200 });
  return failed({ cause: kind === 'credential fault' ? 'credential' : 'network' });
}

const limited = (called: CallResult, remaining: number | undefined): CallResult =>
  remaining === undefined ? called : { ...called, rateLimit: { limit: 20, remaining, periodMs: 2000, resetMs: 1500 } };

const passing = (clock: FakeClock, ms: number): Promise<void> =>
  new Promise((resolve) => void clock.after(ms, resolve));

const finals = ['delivered', 'joined', 'superseded'];

/** Two partitions, the process that owns them and those that did, and the commands that must come to an end. */
class World {
  private readonly clock: FakeClock;
  private readonly topics: Topics;
  private readonly destination: Destination;
  private readonly batches: Batch[] = [];
  /** The page commands by the names of their pages. */
  private readonly pages = new Map<string, { readonly command: PageCommand; readonly partition: number }>();
  private readonly refusedKeys = new Set<string>();
  private readonly excused = new Set<string>();
  private readonly errors: string[] = [];
  private owner: ReturnType<typeof aProcess>;
  private lastPage: PageCommand | undefined;
  private ownerEpoch = 0;
  private version = 1;
  private isWell = false;
  private readCount = 0;

  constructor(private readonly its: History) {
    this.clock = new FakeClock(new Date('2026-01-31T12:00:00.000Z'), { tickMs: its.tickMs, earlyMs: 0 });
    this.topics = new Topics(its.unreadable);
    this.destination = new Destination(this.clock, its.answers, () => this.isWell);
    this.owner = this.start(its.process);
    for (const partition of partitions) this.own(partition);
  }

  async play(): Promise<void> {
    for (const { happens, thenMs } of this.its.steps) {
      this.take(happens);
      await this.clock.advance(thenMs);
      this.owner.delivery.sweep();
    }
  }

  /** Ends all faults, and gives each page the time that it may take. */
  async end(): Promise<void> {
    const { clock, owner, topics } = this;
    this.isWell = true;
    topics.refuses = () => false;
    Object.assign(owner.lease, { held: true, owned: true });
    for (const connectionId of [first, backup]) this.connect(connectionId, { enabled: true });
    for (let second = 0; second < 30; second += 1) await this.pass(1000);
    for (let minute = 0; minute < 30; minute += 1) await this.pass(60_000);
    // An alert that could not be written is written with the next batch of its partition.
    for (const alertKey of ['last', 'very-last']) {
      const recovery = () => received(aResolve({ alertKey, occurredAt: clock.now().toISOString() }));
      for (const partition of partitions) this.send(partition, [recovery()]);
      await this.pass(5000);
    }
    await settled();
  }

  /** Returns each broken promise. */
  complaints(): string[] {
    const { destination, owner, pages, topics } = this;
    const { ready, delayed, running } = owner.lanes.depth();
    const jobs = ready + delayed + running;
    const states = partitions.flatMap((partition) => [...topics.read(partition).values()]);
    const known = states.flatMap((state) =>
      state.pages.map((page) => ({ ...state, ...page, name: nameOf({ ...state, ...page }) })),
    );
    const published = Map.groupBy(topics.published, nameOf);
    const outcomesOf = (name: string) => published.get(name)?.map(({ outcome }) => outcome) ?? [];
    const isReported = (name: string) => {
      const outcomes = outcomesOf(name);
      return (
        outcomes.some((outcome) => finals.includes(outcome)) ||
        (outcomes.includes('undeliverable') && topics.lettersOf.has(name))
      );
    };
    return [
      ...this.errors,
      ...destination.doubles.map((name) => `created twice without a tag: ${name}`),
      ...this.batches.filter(({ isCommitted }) => !isCommitted).map(({ partition }) => `not committed in ${partition}`),
      ...[...pages.keys()]
        .filter((name) => !isReported(name) && !this.excused.has(name))
        .map((name) => `without outcome or dead letter: ${name}, ${outcomesOf(name)}`),
      ...known
        .filter((page) => !isEnded(page) && page.status !== 'delivered')
        .map(({ name, status }) => `${status}: ${name}`),
      ...known.flatMap(({ name, unreported }) =>
        unreported
          .filter((kind) => !outcomesOf(name).includes(kind))
          .map((kind) => `not published: ${kind} of ${name}`),
      ),
      ...(jobs > 0 ? [`${jobs} jobs are left`] : []),
      ...(owner.ledger.waitingPages > 0 ? [`${owner.ledger.waitingPages} pages count as waiting`] : []),
    ];
  }

  private take(its: Happening): unknown {
    const { clock, owner, topics } = this;
    const later = (ms: number, then: () => void) => void clock.after(ms, then);
    switch (its.do) {
      case 'commands':
        return this.send(
          its.partition,
          its.commands.map((drawn) => received(this.commandOf(its.partition, drawn))),
        );
      case 'redelivery':
        return this.redeliver(its.n);
      case 'held writes':
        return later(its.forMs, topics.hold(its.more));
      case 'held dead letters':
        return later(its.forMs, topics.holdDeadLetters());
      case 'failed writes':
        topics.failNext(its.times);
        if (its.torn > 0) topics.tearNext(its.torn - 1);
        return topics.muteNext(its.mute);
      case 'lost lease':
        Object.assign(owner.lease, { held: false, owned: its.isOwned });
        return later(its.forMs, () => Object.assign(owner.lease, { held: true, owned: true }));
      case 'takeover':
        return this.takeOver(its.process);
      case 'rebalance':
        owner.delivery.disown(its.partition);
        return this.own(its.partition);
      case 'connection':
        return this.connect(its.connectionId, its);
      case 'replay':
        return this.replay(its.n, its.forceNewPage);
      case 'refused alert':
        return this.refuse(its);
    }
  }

  private async pass(ms: number): Promise<void> {
    await this.clock.advance(ms);
    this.owner.delivery.sweep();
  }

  private start({ concurrency, keepsTexts }: History['process']): ReturnType<typeof aProcess> {
    const { clock, destination, topics: log } = this;
    const { waitingBytes } = this.its;
    const process = aProcess({ clock, log, destination, concurrency, destinationConcurrency: 8, waitingBytes });
    const { texts } = process;
    const read = texts.read.bind(texts);
    if (!keepsTexts) texts.kept = () => undefined;
    texts.read = async (...page) => {
      const { afterMs = 0, fails = false } = this.its.reads[this.readCount++ % this.its.reads.length] ?? {};
      await passing(clock, afterMs);
      return fails && !this.isWell ? undefined : read(...page);
    };
    for (const connectionId of [first, backup, other]) this.connect(connectionId, {}, process);
    return process;
  }

  private connect(
    connectionId: string,
    { enabled = true, deleting = false }: Partial<Pick<Connection, 'enabled' | 'deleting'>>,
    process = this.owner,
  ): void {
    this.version += 1;
    const id = connectionId === backup && !this.its.sharesDestination ? 'elsewhere' : 'destination';
    process.connect({
      connectionId,
      sourceOrg: connectionId === other ? orgs[1] : orgs[0],
      destinationOrg: { id, name: id },
      version: this.version,
      credential: { sealed: 'sealed', revision: this.version, checkedAt: '2026-01-01T00:00:00.000Z' },
      enabled,
      ...(deleting ? { deleting } : {}),
    });
  }

  /** The former owner has lost its lease, but its last writes may still be on their way. */
  private takeOver(its: History['process']): void {
    const { delivery, lease } = this.owner;
    Object.assign(lease, { held: false, owned: false });
    this.owner = this.start(its);
    for (const partition of partitions) {
      delivery.disown(partition);
      this.own(partition);
    }
    void delivery.stop(AbortSignal.abort());
  }

  /** No record lists the dead letters of an alert that Kafka refuses: they are lost with its owner. */
  private own(partition: number): void {
    this.ownerEpoch += 1;
    this.owner.own(partition, this.ownerEpoch);
    for (const [name, { command }] of this.pages) if (this.refusedKeys.has(command.alertKey)) this.excused.add(name);
  }

  private send(partition: number, commands: readonly ReceivedCommand[]): void {
    const batch = { partition, commands, isCommitted: false };
    this.batches.push(batch);
    this.deliver(batch);
  }

  /** Like the consumer: again until the ledger holds the batch, and then with the dead letters of the refused commands. */
  private deliver(batch: Batch): void {
    this.owner.delivery.handle(batch.partition, batch.commands).then(
      (refused) => {
        batch.isCommitted = true;
        for (const { received } of refused)
          if (received.command.kind === 'page') this.topics.lettersOf.add(nameOf(received.command));
      },
      (error) => {
        if (!(error instanceof PartitionLost || error instanceof LedgerBusy)) this.errors.push(String(error));
        this.clock.after(250, () => this.deliver(batch));
      },
    );
  }

  /** An alert that Kafka refused has forgotten its ended pages, so that no batch of before may be read again. */
  private redeliver(n: number): void {
    const batch = this.batches[n % this.batches.length];
    if (batch?.commands.every(({ command }) => !this.refusedKeys.has(command.alertKey))) this.deliver(batch);
  }

  private replay(n: number, forceNewPage: boolean): void {
    const letters = [...this.topics.lettersOf];
    const name = letters[n % letters.length] ?? '';
    const page = this.pages.get(name);
    // That of a backup is not replayed: its first page is.
    if (!page) return;
    const possibleDuplicate = this.destination.mayHave(name);
    const replay = { from: `dead/0/${this.batches.length}`, possibleDuplicate, forceNewPage };
    this.send(page.partition, [{ ...received(page.command), replay }]);
  }

  private refuse({ alertKey, abovePages, forMs }: Extract<Happening, { do: 'refused alert' }>): void {
    const { topics } = this;
    this.refusedKeys.add(alertKey);
    const refuses: Topics['refuses'] = ({ key, state }) =>
      key.endsWith(alertKey) && (state?.pages.length ?? 0) > abovePages;
    topics.refuses = refuses;
    this.clock.after(forMs, () => {
      if (topics.refuses === refuses) topics.refuses = () => false;
    });
  }

  private commandOf(partition: 0 | 1, drawn: DrawnCommand): Command {
    const { alert, org, isRecovery, apartMs, team: teamId, urgency, overBackup, repeatsId } = drawn;
    const sourceOrg = orgs[org] ?? orgs[0];
    const alertKey = alertKeys[partition]?.[alert] ?? '';
    const occurredAt = new Date(this.clock.now().getTime() + apartMs).toISOString();
    if (isRecovery) return aResolve({ sourceOrg, alertKey, occurredAt });
    const connectionId = sourceOrg === orgs[1] ? other : overBackup ? backup : first;
    const ownId = `pg_${String(this.pages.size).padStart(12, '0')}`;
    const named = { sourceOrg, alertKey, pageId: repeatsId ? (this.lastPage?.pageId ?? ownId) : ownId };
    const pageId = this.pages.has(nameOf(named)) ? ownId : named.pageId;
    const failover = connectionId === first && drawn.failover ? failoverTo(drawn.failover) : undefined;
    const page = aPage({
      sourceOrg,
      alertKey,
      pageId,
      occurredAt,
      connectionId,
      teamId,
      urgency,
      ...(failover ? { failover } : {}),
    });
    this.pages.set(nameOf(page), { command: page, partition });
    this.lastPage = page;
    return page;
  }
}

function failoverTo({
  afterSeconds,
  afterFailures,
}: NonNullable<DrawnCommand['failover']>): NonNullable<PageCommand['failover']> {
  const to = { connectionId: backup, teamId: 'operations', teamHandle: 'operations', afterSeconds };
  return afterFailures === undefined ? to : { ...to, afterFailures };
}

/** Plays a history with the real application layer, and returns the broken promises. */
export async function complaintsOf(history: History): Promise<string[]> {
  const world = new World(history);
  await world.play();
  await world.end();
  return world.complaints();
}
