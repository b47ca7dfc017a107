import { setTimeout as sleep } from 'node:timers/promises';
import type { Provider } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import { ApiTokens, noApiTokens, TokenTable } from '@pagebridge/access';
import { AccessTokens, type AccessTokenUse } from '@pagebridge/contracts';
import { type KafkaSettings, Publisher } from '@pagebridge/kafka';
import type { Log } from '@pagebridge/vocabulary';
import type { Registry } from 'prom-client';
import { systemClock as clock } from '../clocks.ts';
import type { CommonConfig } from '../config.ts';
import { Health } from '../health.ts';
import { showGauge } from '../metrics.ts';
import { Startup } from '../startup.ts';
import { API_TOKENS, KAFKA_SETTINGS, LOG } from '../tokens.ts';
import { TokenReader } from './token-reader.ts';
import { TokenUses } from './token-uses.ts';

/**
 * Provides the Authenticator for API tokens; it refuses all of them if they are off or this service does not read them. `areRequired`: its
 * callers have nothing else, so it starts and is ready only if it can accept some.
 */
export function apiTokenProviders(
  name: string,
  { ACCESS_TOKENS }: CommonConfig,
  registry: Registry,
  areRequired: boolean,
): Provider[] {
  const table = new TokenTable();
  showGauge(registry, 'pagebridge_api_tokens', 'Known API tokens, including revoked ones.', () => table.size);
  const ending = 'Integrations whose last API token expires within 30 days. Integrations without a token do not count.';
  const soon = () => table.integrationsEnding(clock.now(), 30 * 24 * 3_600_000);
  showGauge(registry, 'pagebridge_integrations_ending', ending, soon);
  if (ACCESS_TOKENS === 'off' || !readsTokens(name)) {
    return [{ provide: API_TOKENS, useValue: noApiTokens }];
  }
  return [
    {
      provide: TokenReader,
      inject: [KAFKA_SETTINGS, Startup, Health, LOG],
      useFactory: (settings: KafkaSettings, startup: Startup, health: Health, log: Log) => {
        const reader = new TokenReader({ settings, table, clock, log });
        const start = async () => {
          reader.start();
          if (!areRequired) return;
          await Promise.race([reader.firstRead(), sleep(readWithinMs, undefined, { ref: false })]);
          const { ready, detail } = reader.health();
          if (!ready) throw new Error(`the API tokens cannot be read: ${detail}`);
        };
        startup.before('reading the API tokens', start, () => true);
        health[areRequired ? 'watch' : 'show']('api-tokens', reader);
        return reader;
      },
    },
    {
      provide: TokenUses,
      inject: [ModuleRef, LOG],
      useFactory: (modules: ModuleRef, log: Log) => {
        // Nest creates the provider of the service's own module after these providers.
        const publish: Publisher['publish'] = (records) => modules.get(Publisher, { strict: false }).publish(records);
        return new TokenUses({ usedBy: name, publish, clock, log });
      },
    },
    {
      provide: API_TOKENS,
      inject: [TokenReader, TokenUses],
      useFactory: ({ isFresh }: TokenReader, uses: TokenUses) =>
        new ApiTokens({ table, clock, isFresh, onUse: (token) => uses.note(token) }),
    },
  ];
}

const readWithinMs = 5000;

const readsTokens = (name: string): name is AccessTokenUse['usedBy'] =>
  (AccessTokens.card.consumers as readonly string[]).includes(name);
