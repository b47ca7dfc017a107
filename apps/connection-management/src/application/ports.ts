import { StoreUnavailable } from '@pagebridge/database';
import { Problem } from '@pagebridge/service';
import type { DataCenter } from '@pagebridge/vocabulary';
import type { AuditAction, AuditEntry } from '../domain/audit.ts';
import type { Connection } from '../domain/connection.ts';
import type { Answer, DestinationUser } from '../domain/credentials/check.ts';
import type { Counter, Standing } from '../domain/limits.ts';
import type { SourceOrgSettings } from '../domain/source-org-settings.ts';
import type { AccessToken, Refusal, WithoutHandle } from '../domain/tokens/access-token.ts';
import type { Integration } from '../integrations/integration.entity.ts';
import type { IntegrationRepository } from '../integrations/integration.repository.ts';

/** A key pair in clear, on its way from the request to the destination and the seal; never stored. */
export interface KeyPair {
  readonly apiKey: string;
  readonly applicationKey: string;
}

/** Returns whether an error is a refusal of a request: an expected case, in which nothing of the request was stored. */
export const isRefusal = (error: unknown): error is Problem =>
  error instanceof Problem && !(error instanceof StoreUnavailable);

export interface Page<T> {
  readonly items: readonly T[];
  /** The cursor of the next page; undefined on the last page. */
  readonly next: string | undefined;
}

export interface PageQuery {
  readonly limit: number;
  readonly after: string | undefined;
}

/** Which entries of an audit are listed: those that agree with everything that is given. `from` is inclusive, `to` is exclusive. */
export interface AuditFilter {
  readonly sourceOrg: string;
  readonly action: AuditAction | undefined;
  readonly actor: string | undefined;
  readonly target: string | undefined;
  readonly from: Date | undefined;
  readonly to: Date | undefined;
}

export type ListedEntry = AuditEntry & { readonly id: string };

/** A change that is published to the other services. */
export type Fact =
  | { readonly kind: 'connection'; readonly connection: Connection }
  | { readonly kind: 'connection-deleted'; readonly id: string }
  | { readonly kind: 'source-org'; readonly settings: SourceOrgSettings; readonly at: Date }
  | { readonly kind: 'token'; readonly token: AccessToken }
  | { readonly kind: 'token-forgotten'; readonly id: string }
  | { readonly kind: 'integration'; readonly integration: Integration }
  | { readonly kind: 'integration-deleted'; readonly sourceOrg: string; readonly name: string }
  | {
      readonly kind: 'sync-requested';
      readonly connection: Connection;
      readonly requestId: string;
      readonly at: Date;
    };

export type Saved = 'saved' | 'name-taken' | 'slug-taken' | 'destination-taken';

/** A source org in a list, without its local handles, which may be thousands. */
export type SourceOrgSummary = Omit<SourceOrgSettings, 'localHandles' | 'alertTopic' | 'alertTopicSince'> & {
  readonly connections: number;
};

export interface TokenCounts {
  /** Without those that were revoked more than a day ago, whose records are kept too. */
  readonly kept: number;
  readonly live: number;
}

/** The API tokens in a transaction. */
export interface TokensOfUnit {
  /** Reads a token and locks it until the end of the transaction. */
  lock(id: string, sourceOrg?: string): Promise<AccessToken | undefined>;
  /** Counts the kept tokens of a source org and the live ones. Nobody can add one until the end of the transaction. */
  lockCounts(sourceOrg: string, now: Date): Promise<TokenCounts>;
  /** Reads the live tokens of an integration, which the caller has locked, and locks them until the end of the transaction. */
  lockLive(sourceOrg: string, integration: string, now: Date): Promise<readonly AccessToken[]>;
  insert(token: AccessToken): Promise<void>;
  /** Revokes tokens, which the caller has locked. */
  revoke(tokens: readonly AccessToken[], at: Date): Promise<void>;
  delete(id: string): Promise<void>;
  /** Stores when a token was last used. A time before the stored one, or a token that is gone, changes nothing. */
  noteUse(id: string, at: Date): Promise<void>;
  /** Stores when and why what was sent with a token was last refused, as `noteUse` does. */
  noteRefusal(id: string, refusal: Refusal): Promise<void>;
  /** Stores the alerts of the last request with a token that named no handle, as `noteUse` does. */
  noteWithoutHandle(id: string, its: WithoutHandle): Promise<void>;
}

/** One transaction: everything done through it, including its events, is committed together or not at all. */
export interface Unit {
  /** Reads a connection and locks it until the end of the transaction. */
  lockConnection(id: string, sourceOrg?: string): Promise<Connection | undefined>;
  /** Counts the connections of a source org. Nobody else can add one until the end of the transaction. */
  lockConnectionCount(sourceOrg: string): Promise<number>;
  /** `isSole`: no other connection of its source org may lead to its destination org, except those added as duplicates. */
  insertConnection(connection: Connection, input: { readonly isSole: boolean }): Promise<Saved>;
  updateConnection(connection: Connection): Promise<Saved>;
  deleteConnection(id: string): Promise<void>;
  /**
   * Returns the names of the connections of its org that fail over to this one, which the caller has locked. Those that are being
   * deleted do not count: their pages do not fail over any more.
   */
  namesBackedUpBy(connection: Connection): Promise<readonly string[]>;
  /** Reads the settings of an org, or the defaults if it has none, and locks them until the end of the transaction. */
  lockSourceOrg(sourceOrg: string): Promise<SourceOrgSettings>;
  saveSourceOrg(settings: SourceOrgSettings): Promise<void>;
  readonly tokens: TokensOfUnit;
  readonly integrations: IntegrationRepository;
  /** Reads what was saved of the access policy for a source org or `*`, and locks it until the end of the transaction. */
  lockPolicyRules(org: string): Promise<readonly string[] | undefined>;
  savePolicyRules(org: string, rules: readonly string[]): Promise<void>;
  /** Stores audit entries, and queues them for Kafka. */
  audit(...entries: readonly AuditEntry[]): Promise<void>;
  /**
   * Queues facts for Kafka. Call this after writing the rows that the facts describe: the lock of the row then keeps the events
   * of one key in the order of their commits.
   */
  publish(...facts: readonly Fact[]): Promise<void>;
}

/** What is stored. Every method rejects with StoreUnavailable if the database is away or refuses. */
export interface Reads {
  connection(sourceOrg: string, id: string): Promise<Connection | undefined>;
  connections(sourceOrg: string, query: PageQuery): Promise<Page<Connection>>;
  /** Returns the oldest connection of a source org to a destination org. */
  connectionTo(sourceOrg: string, dataCenter: string, orgId: string): Promise<Connection | undefined>;
  connectionCount(sourceOrg: string): Promise<number>;
  isNameTaken(sourceOrg: string, name: string): Promise<boolean>;
  slugsLike(sourceOrg: string, base: string): Promise<ReadonlySet<string>>;
  /** Returns those of these orgs that have settings, a connection, an API token or an integration, in the order of their ids. */
  sourceOrgs(query: PageQuery, among: ReadonlySet<string> | 'all'): Promise<Page<SourceOrgSummary>>;
  sourceOrg(sourceOrg: string): Promise<SourceOrgSettings>;
  token(sourceOrg: string, id: string): Promise<AccessToken | undefined>;
  /** Returns the tokens of a source org, or those that name this integration. */
  tokens(sourceOrg: string, query: PageQuery, integration?: string): Promise<Page<AccessToken>>;
  /** Returns ids of tokens that expired before this time. */
  tokensExpired(before: Date, limit: number): Promise<readonly string[]>;
  integration(sourceOrg: string, name: string): Promise<Integration | undefined>;
  integrations(sourceOrg: string, query: PageQuery): Promise<Page<Integration>>;
  /** Returns what was saved of the access policy, by source org or `*`. */
  policyRules(): Promise<ReadonlyMap<string, readonly string[]>>;
  auditOf(filter: AuditFilter, query: PageQuery): Promise<Page<ListedEntry>>;
}

/** The database as the use cases see it. */
export interface Store extends Reads {
  transaction<T>(work: (unit: Unit) => Promise<T>): Promise<T>;
}

/** The counters of the rate limits, shared by all instances. */
export interface Counters {
  /** Takes one from each counter up to the first exhausted one, whose `left` is then below 0. Rejects with StoreUnavailable. */
  acquire(counters: readonly Counter[]): Promise<readonly Standing[]>;
  /**
   * Counts reserved key pairs that were refused, and gives others back. Does not reject if the database is away: what is reserved then
   * stays so until `takenUntil`.
   */
  release(reserved: readonly Standing[], areRefused: boolean): Promise<void>;
}

/** The questions to a destination about one key pair. No method rejects. */
export interface Destination {
  acceptsApiKey(): Promise<Answer<boolean>>;
  acceptsKeyPair(): Promise<Answer<boolean>>;
  user(): Promise<Answer<DestinationUser>>;
  applicationKeys(): Promise<Answer<readonly { readonly last4: string; readonly scopes: readonly string[] | null }[]>>;
  readsUsers(): Promise<Answer<boolean>>;
  /** Returns the ids of its first teams. */
  teams(): Promise<Answer<readonly string[]>>;
  readsRoutingRules(teamId: string): Promise<Answer<boolean>>;
}

export interface Destinations {
  /** After the signal is aborted, every call answers `unavailable` at once. */
  open(dataCenter: DataCenter, keys: KeyPair, signal: AbortSignal): Destination;
}

export type DataCenters = ReadonlyMap<string, DataCenter>;

/** Why the alerts of a source org cannot be read from its own topic. */
export interface UnfitTopic {
  readonly detail: string;
  readonly fault: 'kafka-unavailable' | 'unseen' | 'partitions';
}

/** The own alert topics of source orgs. */
export interface AlertTopics {
  /** Returns what is wrong with the topic of this org or its dead-letter topic; undefined if nothing is. */
  faultOf(sourceOrg: string): Promise<UnfitTopic | undefined>;
}
