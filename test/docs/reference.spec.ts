import 'reflect-metadata';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { cards, orgAlertsCard, services, topicDefinitionsOf } from '@pagebridge/contracts';
import { callersConfig, commonConfig } from '@pagebridge/service';
import { aclsOf } from '@pagebridge/topics';
import { Type } from 'typebox';
import { alertIntakeConfig } from '../../apps/alert-intake/src/config.ts';
import * as alertIntake from '../../apps/alert-intake/src/openapi-document.ts';
import { connectionManagementConfig } from '../../apps/connection-management/src/config.ts';
import * as connectionManagement from '../../apps/connection-management/src/openapi-document.ts';
import { consoleGatewayConfig } from '../../apps/console-gateway/src/config.ts';
import { handleSyncConfig } from '../../apps/handle-sync/src/config.ts';
import * as handleSync from '../../apps/handle-sync/src/openapi-document.ts';
import { pageDeliveryConfig } from '../../apps/page-delivery/src/config.ts';
import { pageHistoryConfig } from '../../apps/page-history/src/config.ts';
import * as pageHistory from '../../apps/page-history/src/openapi-document.ts';
import { pageRoutingConfig } from '../../apps/page-routing/src/config.ts';
import * as pageRouting from '../../apps/page-routing/src/openapi-document.ts';
import { withVariables } from './configuration.ts';
import { references, root } from './reference.ts';

const shared = [
  { name: 'every-service', schema: Type.Object(commonConfig) },
  { name: 'services-with-routes', schema: Type.Object(callersConfig) },
];
const described = [
  { name: 'connection-management', config: connectionManagementConfig, ...connectionManagement },
  { name: 'handle-sync', config: handleSyncConfig, ...handleSync },
  { name: 'page-routing', config: pageRoutingConfig, ...pageRouting },
  { name: 'page-delivery', config: pageDeliveryConfig },
  { name: 'alert-intake', config: alertIntakeConfig, ...alertIntake },
  { name: 'page-history', config: pageHistoryConfig, ...pageHistory },
];
const others = [{ name: 'console-gateway', schema: consoleGatewayConfig }];
const written = await references(shared, described, others, { cards, orgAlertsCard, topicDefinitionsOf, aclsOf });

describe('what follows from the services', () => {
  it.each(written)('$path says what they do; if not, run `npm run generate`', ({ path, content }) => {
    expect(readFileSync(join(root, path), 'utf8')).toBe(content);
  });

  it('has a table of variables for every service', () => {
    const document = readFileSync(join(root, 'docs/configuration.md'), 'utf8');
    expect([...document.matchAll(/<!-- variables:(\S+) -->/g)].map(([, name]) => name)).toEqual([
      'every-service',
      'services-with-routes',
      ...services,
      'console-gateway',
    ]);
  });
});

describe('docs/http.md', () => {
  it('has a table of routes for every service that has some', () => {
    const document = readFileSync(join(root, 'docs/http.md'), 'utf8');
    const withRoutes = described.flatMap((service) => ('openApiDocument' in service ? [service.name] : []));
    expect([...document.matchAll(/<!-- routes:(\S+) -->/g)].map(([, name]) => name)).toEqual(withRoutes);
  });
});

describe('a table of variables', () => {
  it('shows what is required and what may be left out, its default, its range and its words', () => {
    const schema = Type.Object({
      A: Type.String({ description: 'First.' }),
      B: Type.Number({ default: 2, minimum: 1, maximum: 3, description: 'Second.' }),
      C: Type.Optional(Type.String({ description: 'Third.' })),
    });
    expect(withVariables('<!-- variables:x --> old <!-- end -->', [{ name: 'x', schema }])).toContain(
      '| `A` | **required** |  | First. |\n| `B` | `2` | 1 to 3 | Second. |\n| `C` |  |  | Third. |',
    );
  });

  it('is refused where nothing has its name', () => {
    expect(() => withVariables('<!-- variables:x --> <!-- end -->', [])).toThrow('no variables named x');
  });
});
