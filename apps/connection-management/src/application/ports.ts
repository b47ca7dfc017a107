import type { DataCenter } from '@pagebridge/vocabulary';
import type { AuditEntry } from '../domain/audit.ts';
import type { Connection } from '../domain/connection.ts';
import type { Answer, DestinationUser } from '../domain/credentials/check.ts';
import type { Counter, Standing } from '../domain/limits.ts';
import type { SourceOrgSettings } from '../domain/source-org-settings.ts';
import type { AccessToken } from '../domain/tokens/access-token.ts';

/** A pair of keys in clear, on its way from the request to the destination and the seal; kept nowhere. */
export interface KeyPair {
  readonly apiKey: string;
  readonly applicationKey: string;
}

/** Raised by every store operation when the database does not answer: try again later. */
export class StoreUnavailable extends Error {
  override readonly name = 'StoreUnavailable';
  /** True where the answer to a commit was lost: everything of it was stored, or nothing. */
  readonly mayBeStored: boolean;

  constructor(message: string, { cause, mayBeStored = false }: { cause?: unknown; mayBeStored?: boolean } = {}) {
    super(message, { cause });
    this.mayBeStored = mayBeStored;
  }
}

export interface Page<T> {
  readonly items: readonly T[];
  /** What to ask for next; undefined at the end. */
  readonly next: string | undefined;
}

export interface PageQuery {
  readonly limit: number;
  readonly after: string | undefined;
}

/** What the other services must hear of. */
export type Fact =
  | { readonly kind: 'connection'; readonly connection: Connection }
  | { readonly kind: 'connection-deleted'; readonly id: string }
  | { readonly kind: 'source-org'; readonly settings: SourceOrgSettings; readonly at: Date }
  | { readonly kind: 'token'; readonly token: AccessToken }
  | { readonly kind: 'token-forgotten'; readonly id: string }
  | {
      readonly kind: 'sync-requested';
      readonly connection: Connection;
      readonly requestId: string;
      readonly at: Date;
    };

export type Saved = 'saved' | 'name-taken' | 'slug-taken' | 'destination-taken';

/** A source org in a list: without its own handles, which may be thousands. */
export type SourceOrgSummary = Omit<SourceOrgSettings, 'localHandles' | 'alertTopic' | 'alertTopicSince'> & {
  readonly connections: number;
};

export interface TokenCounts {
  readonly kept: number;
  readonly live: number;
}

/** The API tokens, in a transaction. */
export interface TokensOfUnit {
  /** Reads a token and keeps others from changing it until the end of the transaction. */
  lock(id: string, sourceOrg?: string): Promise<AccessToken | undefined>;
  /** How many a source org has, and how many are neither revoked nor expired; keeps others from making more meanwhile. */
  lockCounts(sourceOrg: string, now: Date): Promise<TokenCounts>;
  insert(token: AccessToken): Promise<void>;
  update(token: AccessToken): Promise<void>;
  delete(id: string): Promise<void>;
  /** An earlier use than is known changes nothing, nor does one of a token that is gone. */
  noteUse(id: string, at: Date): Promise<void>;
}

/** One transaction: what is done through it happens together, events included, or not at all. */
export interface Unit {
  /** Reads a connection and keeps others from changing it until the end of the transaction. */
  lockConnection(id: string, sourceOrg?: string): Promise<Connection | undefined>;
  /** How many connections a source org has; nobody else adds one to it until the end of the transaction. */
  lockConnectionCount(sourceOrg: string): Promise<number>;
  /** `isSole`: it may not lead where another one of its source org leads, unless that one did not ask for it. */
  insertConnection(connection: Connection, wish: { readonly isSole: boolean }): Promise<Saved>;
  updateConnection(connection: Connection): Promise<Saved>;
  deleteConnection(id: string): Promise<void>;
  /** Names of the connections of its org that fail over to this one, which the caller has locked. */
  namesBackedUpBy(connection: Connection): Promise<readonly string[]>;
  /** Reads the settings of an org, settled or not, and keeps others from changing them. */
  lockSourceOrg(sourceOrg: string): Promise<SourceOrgSettings>;
  saveSourceOrg(settings: SourceOrgSettings): Promise<void>;
  readonly tokens: TokensOfUnit;
  /** Keeps an entry of the audit, and queues it for Kafka. */
  audit(entry: AuditEntry): Promise<void>;
  /**
   * Queues a fact for Kafka. Call it after the row it tells of was written: the row's lock then makes the order of
   * the events of one key the order of their commits.
   */
  publish(fact: Fact): Promise<void>;
}

/** The database, as the use cases need it. Every method rejects with StoreUnavailable when it is away. */
export interface Store {
  transaction<T>(work: (unit: Unit) => Promise<T>): Promise<T>;
  connection(sourceOrg: string, id: string): Promise<Connection | undefined>;
  connections(sourceOrg: string, query: PageQuery): Promise<Page<Connection>>;
  /** The oldest connection of a source org to a destination org. */
  connectionTo(sourceOrg: string, dataCenter: string, orgId: string): Promise<Connection | undefined>;
  isNameTaken(sourceOrg: string, name: string): Promise<boolean>;
  slugsLike(sourceOrg: string, base: string): Promise<ReadonlySet<string>>;
  /** Every one of these orgs that has settled something, or has a connection or an API token, by its id. */
  sourceOrgs(query: PageQuery, among: ReadonlySet<string> | 'all'): Promise<Page<SourceOrgSummary>>;
  sourceOrg(sourceOrg: string): Promise<SourceOrgSettings>;
  token(sourceOrg: string, id: string): Promise<AccessToken | undefined>;
  tokens(sourceOrg: string, query: PageQuery): Promise<Page<AccessToken>>;
  /** Ids of tokens that expired before this moment. */
  tokensExpired(before: Date, limit: number): Promise<readonly string[]>;
  auditOf(sourceOrg: string, query: PageQuery): Promise<Page<AuditEntry & { readonly id: string }>>;
}

/** What was done of what may be done only so often, for all instances. */
export interface Counters {
  /**
   * Takes one from each, up to the first of which nothing is left: that one then stands below 0. Rejects with
   * StoreUnavailable.
   */
  take(counters: readonly Counter[]): Promise<readonly Standing[]>;
  /**
   * Counts what was taken and is spent, and puts the rest back. Never rejects for a database that is away: what was taken
   * then counts until its window ends.
   */
  settle(taken: readonly Standing[], isSpent: (counter: Counter) => boolean): Promise<void>;
}

/** What can be asked of a destination with one pair of keys. No method rejects. */
export interface Destination {
  acceptsApiKey(): Promise<Answer<boolean>>;
  acceptsKeyPair(): Promise<Answer<boolean>>;
  user(): Promise<Answer<DestinationUser>>;
  applicationKeys(): Promise<Answer<readonly { readonly last4: string; readonly scopes: readonly string[] | null }[]>>;
  readsUsers(): Promise<Answer<boolean>>;
  /** Ids of its first teams. */
  teams(): Promise<Answer<readonly string[]>>;
  readsRoutingRules(teamId: string): Promise<Answer<boolean>>;
}

export interface Destinations {
  /** Once the signal is aborted, whatever is asked is unavailable, at once. */
  open(dataCenter: DataCenter, keys: KeyPair, signal: AbortSignal): Destination;
}

export type DataCenters = ReadonlyMap<string, DataCenter>;

/** Why the alerts of a source org cannot be read from a topic of its own; `mayPass`: Kafka does not say now. */
export interface UnfitTopic {
  readonly detail: string;
  readonly mayPass: boolean;
}

/** The topics that source orgs may own. */
export interface AlertTopics {
  /** What is wrong with the topic of this org or its dead letters; undefined where nothing is. */
  faultOf(sourceOrg: string): Promise<UnfitTopic | undefined>;
}
