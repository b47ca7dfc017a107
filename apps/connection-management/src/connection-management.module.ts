import { type DynamicModule, Module, type Provider } from '@nestjs/common';
import { PolicyFile } from '@pagebridge/access';
import { createDataSource, databaseOf } from '@pagebridge/database';
import { HandleRegistry, offeringCards, RegistryFeed } from '@pagebridge/handle-registry';
import { type KafkaSettings, Publisher } from '@pagebridge/kafka';
import { parseSealingKey, type SealingKey } from '@pagebridge/sealed-credentials';
import {
  BackgroundTable,
  systemClock as clock,
  dataCenterCatalogue,
  fromVariable,
  KAFKA_SETTINGS,
  LOG,
  publisherProvider,
  ServiceModule,
} from '@pagebridge/service';
import type { Log } from '@pagebridge/vocabulary';
import { Registry } from 'prom-client';
import { DataSource } from 'typeorm';
import { AuditPolicy } from './application/audit/audit-policy.use-case.ts';
import { ApplyReports } from './application/connections/apply-reports.use-case.ts';
import { ChangeConnection } from './application/connections/change-connection.use-case.ts';
import { CreateConnection } from './application/connections/create-connection.use-case.ts';
import { DeleteConnection } from './application/connections/delete-connection.use-case.ts';
import { RequestSync } from './application/connections/request-sync.use-case.ts';
import { RevokeSnapshots } from './application/connections/revoke-snapshots.use-case.ts';
import { CheckConnection } from './application/credentials/check-connection.use-case.ts';
import { KeyCheck } from './application/credentials/check-keys.ts';
import { CheckUse } from './application/credentials/check-use.use-case.ts';
import { ResealCredentials } from './application/credentials/reseal-credentials.use-case.ts';
import { RotateCredentials } from './application/credentials/rotate-credentials.use-case.ts';
import { WithinLimits } from './application/limits/within-limits.ts';
import type { Store } from './application/ports.ts';
import { UpdateSettings } from './application/source-orgs/update-settings.use-case.ts';
import { ForgetTokens } from './application/tokens/forget-tokens.use-case.ts';
import { MakeToken } from './application/tokens/make-token.use-case.ts';
import { NoteTokenUses } from './application/tokens/note-token-uses.use-case.ts';
import { RevokeToken } from './application/tokens/revoke-token.use-case.ts';
import type { ConnectionManagementConfig } from './config.ts';
import type { KnownHandles } from './domain/handle-warnings.ts';
import type { Limits } from './domain/limits.ts';
import { ConnectionActionsController } from './inbound/connection-actions.controller.ts';
import { ConnectionReportsConsumer } from './inbound/connection-reports.consumer.ts';
import { ConnectionsController } from './inbound/connections.controller.ts';
import { DataCentersController } from './inbound/data-centers.controller.ts';
import { Limited } from './inbound/limited.ts';
import { SourceOrgsController } from './inbound/source-orgs.controller.ts';
import { TokenUsesConsumer } from './inbound/tokens/token-uses.consumer.ts';
import { TokensController } from './inbound/tokens/tokens.controller.ts';
import { IntegrationsController } from './integrations/integrations.controller.ts';
import { IntegrationsService } from './integrations/integrations.service.ts';
import { Lifetime } from './lifetime.ts';
import { CredentialsByKid } from './outbound/credentials-by-kid.ts';
import { oncallDestinations } from './outbound/destination/oncall-destination.ts';
import { KafkaAlertTopics } from './outbound/kafka-alert-topics.ts';
import { MysqlCounters } from './outbound/limits/mysql-counters.ts';
import { MysqlOutbox } from './outbound/outbox/mysql-outbox.ts';
import { OutboxMetrics } from './outbound/outbox/outbox-metrics.ts';
import { OutboxRelay } from './outbound/outbox/outbox-relay.ts';
import { segmentRolls } from './outbound/outbox/segment-rolls.ts';
import { Periodic } from './outbound/periodic.ts';
import { schema } from './outbound/persistence/schema.ts';
import { TypeormReads, TypeormStore } from './outbound/persistence/typeorm-store.ts';
import { tokenExpiry } from './outbound/token-expiry.ts';
import { DATA_CENTERS, KNOWN_HANDLES, PERIODIC_WORK, READ_SOURCE, READS, STORE } from './tokens.ts';

const useCases = (config: ConnectionManagementConfig, sealingKey: SealingKey): Provider[] => {
  const check = new KeyCheck(oncallDestinations, clock);
  const slugGraceMs = config.RENAME_GRACE_HOURS * 3_600_000;
  const dataCenters = dataCenterCatalogue(config);
  const onStore = <T>(
    provide: new (...args: never[]) => T,
    make: (store: Store, known: () => KnownHandles, kafka: KafkaSettings) => T,
  ): Provider => ({ provide, inject: [STORE, KNOWN_HANDLES, KAFKA_SETTINGS], useFactory: make });
  return [
    { provide: DATA_CENTERS, useValue: dataCenters },
    onStore(
      CreateConnection,
      (store) => new CreateConnection(store, dataCenters, check, sealingKey, clock, config.CONNECTIONS_PER_ORG),
    ),
    onStore(RotateCredentials, (store) => new RotateCredentials(store, dataCenters, check, sealingKey, clock)),
    onStore(ResealCredentials, (store) => new ResealCredentials(store, sealingKey.kid, clock)),
    onStore(CheckConnection, (store) => new CheckConnection(store, dataCenters, check, clock)),
    onStore(CheckUse, (store) => new CheckUse(store, new RequestSync(store, clock), clock, config.CHECK_WAIT_MS)),
    onStore(ChangeConnection, (store, known) => new ChangeConnection(store, clock, slugGraceMs, known)),
    onStore(DeleteConnection, (store) => new DeleteConnection(store, clock)),
    onStore(RevokeSnapshots, (store) => new RevokeSnapshots(store, clock)),
    onStore(RequestSync, (store) => new RequestSync(store, clock)),
    onStore(
      UpdateSettings,
      (store, known, kafka) =>
        new UpdateSettings(store, clock, known, new KafkaAlertTopics(kafka), config.ALERT_TOPIC_DRAIN_SECONDS * 1000),
    ),
    onStore(ApplyReports, (store) => new ApplyReports(store, clock)),
    onStore(MakeToken, (store) => new MakeToken(store, clock, config.ACCESS_TOKENS === 'on')),
    onStore(RevokeToken, (store) => new RevokeToken(store, clock)),
    onStore(NoteTokenUses, (store) => new NoteTokenUses(store, clock)),
    onStore(ForgetTokens, (store) => new ForgetTokens(store, clock)),
  ];
};

const registry: Provider[] = [
  HandleRegistry,
  {
    provide: RegistryFeed,
    useFactory: (handles: HandleRegistry) => new RegistryFeed(handles),
    inject: [HandleRegistry],
  },
  {
    provide: BackgroundTable,
    inject: [KAFKA_SETTINGS, RegistryFeed, LOG],
    useFactory: (settings: KafkaSettings, { handle }: RegistryFeed, log: Log) =>
      new BackgroundTable({
        settings,
        topics: offeringCards.map(({ topic }) => topic),
        onRecord: handle,
        failure: 'reading handles failed; settings not checked; retrying',
        log,
      }),
  },
  {
    provide: KNOWN_HANDLES,
    // A registry that is still being read would give false warnings.
    useFactory: (handles: HandleRegistry, table: BackgroundTable) => () => (table.isRead() ? handles : undefined),
    inject: [HandleRegistry, BackgroundTable],
  },
];

/** Shorter than any answer may take: what a caller no longer waits for ends on the server too. */
const readSeconds = 4;

const databaseProviders = (config: ConnectionManagementConfig): Provider[] => {
  const options = { ...schema, ...databaseOf(config), poolSize: config.DATABASE_POOL_SIZE };
  return [
    { provide: DataSource, useValue: createDataSource(options) },
    { provide: READ_SOURCE, useValue: createDataSource({ ...options, readSeconds }) },
    { provide: READS, inject: [READ_SOURCE], useFactory: (source: DataSource) => new TypeormReads(source) },
  ];
};

const outbound = (config: ConnectionManagementConfig, sealingKey: SealingKey): Provider[] => [
  ...databaseProviders(config),
  publisherProvider({ deliveryTimeoutMs: 10_000, maxRecordBytes: 1_000_000 }),
  OutboxMetrics,
  {
    provide: OutboxRelay,
    inject: [DataSource, Publisher, OutboxMetrics],
    useFactory: (dataSource: DataSource, publisher: Publisher, observer: OutboxMetrics) =>
      new OutboxRelay({
        outbox: new MysqlOutbox(dataSource),
        publish: (records) => publisher.publish(records),
        publishSpentAfterMs: publisher.spentAfterMs,
        observer,
        pollMs: config.OUTBOX_POLL_MS,
      }),
  },
  {
    provide: STORE,
    inject: [DataSource, OutboxRelay],
    useFactory: (dataSource: DataSource, relay: OutboxRelay) => new TypeormStore(dataSource, relay.wake),
  },
  {
    provide: WithinLimits,
    inject: [DataSource, LOG],
    useFactory: (dataSource: DataSource, log: Log) =>
      new WithinLimits(limitsOf(config), new MysqlCounters(dataSource, log), clock),
  },
  {
    provide: CredentialsByKid,
    inject: [Registry, READ_SOURCE, LOG],
    useFactory: (registry: Registry, source: DataSource, log: Log) =>
      new CredentialsByKid(registry, source, sealingKey.kid, log),
  },
  Limited,
  {
    provide: AuditPolicy,
    inject: [STORE, { token: PolicyFile, optional: true }],
    useFactory: (store: Store, file?: PolicyFile) => new AuditPolicy(store, clock, () => file?.policy),
  },
  {
    provide: PERIODIC_WORK,
    inject: [DataSource, OutboxRelay, ForgetTokens, AuditPolicy, LOG],
    useFactory: (source: DataSource, relay: OutboxRelay, forgetTokens: ForgetTokens, policy: AuditPolicy, log: Log) => [
      segmentRolls(source, relay.wake, log),
      tokenExpiry(forgetTokens, log),
      new Periodic(1000, 'auditing the access policy failed; retrying', () => policy.run(), log),
    ],
  },
  Lifetime,
];

@Module({})
export class ConnectionManagementModule {
  /** Throws if the public key or the data centers of the configuration cannot be used. */
  static forRoot(config: ConnectionManagementConfig): DynamicModule {
    const sealingKey = sealingKeyOf(config);
    return {
      module: ConnectionManagementModule,
      imports: [ServiceModule.forRoot({ name: 'connection-management', config })],
      controllers: [
        DataCentersController,
        ConnectionsController,
        ConnectionActionsController,
        SourceOrgsController,
        TokensController,
        IntegrationsController,
        TokenUsesConsumer,
        ConnectionReportsConsumer,
      ],
      providers: [...registry, ...outbound(config, sealingKey), ...useCases(config, sealingKey), IntegrationsService],
    };
  }
}

const limitsOf = (config: ConnectionManagementConfig): Limits => {
  const anHour = (most: number) => ({ most, windowSeconds: 3600 });
  return {
    'refused-keys': anHour(config.REFUSED_KEYS_PER_HOUR),
    rotations: anHour(config.CHANGES_PER_HOUR),
    'added-connections': anHour(config.ADDED_CONNECTIONS_PER_HOUR),
    'made-tokens': anHour(config.MADE_TOKENS_PER_HOUR),
    changes: anHour(config.CHANGES_PER_HOUR),
    checks: anHour(config.CHECKS_PER_HOUR),
    syncs: { most: config.SYNCS_PER_MINUTE, windowSeconds: 60 },
  };
};

const sealingKeyOf = ({ CREDENTIALS_PUBLIC_KEY }: ConnectionManagementConfig) =>
  fromVariable('CREDENTIALS_PUBLIC_KEY', () => parseSealingKey(CREDENTIALS_PUBLIC_KEY));
