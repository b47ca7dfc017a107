import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';

const root = join(import.meta.dirname, '../..');
const cruiser = join(root, 'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs');

interface Cruise {
  readonly modules: readonly { source: string; dependencies: readonly { resolved: string }[] }[];
  readonly summary: {
    readonly violations: readonly { from: string; rule: { name: string } }[];
    readonly ruleSetUsed: { readonly forbidden: readonly { name: string }[] };
  };
}

function cruise(folder: string, ...what: string[]): Cruise {
  const args = [cruiser, '--config', join(root, '.dependency-cruiser.js'), '--output-type', 'json', ...what];
  const { stdout, stderr } = spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8', maxBuffer: 2 ** 28 });
  if (!stdout) throw new Error(stderr);
  return JSON.parse(stdout);
}

const said = ({ summary }: Cruise) => [...new Set(summary.violations.map(({ rule, from }) => `${rule.name}: ${from}`))];

describe('the boundary rules', () => {
  it('each fire on code that breaks them, and on nothing else', () => {
    const cruised = cruise(join(root, 'test/fixtures/boundaries'), 'apps', 'libs');
    expect(said(cruised).toSorted()).toEqual(broken.toSorted());
    const rules = cruised.summary.ruleSetUsed.forbidden.map(({ name }) => name);
    expect(new Set(broken.map((line) => line.split(':')[0]))).toEqual(new Set(rules));
  });

  it('name every library', () => {
    const rules = broken.map((line) => line.split(':')[0]);
    // A library for tests may import any other.
    const libraries = readdirSync(join(root, 'libs')).filter((name) => name !== 'testing');
    for (const library of libraries) expect(rules).toContain(`${library}-dependencies`);
  });

  it('hold in all of the code, and see packages as the sources that they are', () => {
    const cruised = cruise(root, 'apps', 'libs', 'test', 'deploy');
    expect(said(cruised)).toEqual([]);
    const contract = cruised.modules.find(({ source }) => source === 'libs/contracts/src/schema/fields.ts');
    expect(contract?.dependencies.map(({ resolved }) => resolved)).toContain('libs/vocabulary/src/index.ts');
  });
});

const broken = [
  'access-dependencies: libs/access/src/index.ts',
  'application-knows-no-edge: apps/defiant/src/application/use-case.ts',
  'apps-never-import-each-other: apps/defiant/src/outbound/neighbour.ts',
  'contracts-dependencies: libs/contracts/src/index.ts',
  'database-dependencies: libs/database/src/index.ts',
  'declared-dependencies: apps/defiant/src/domain/decide.ts',
  'declared-dependencies: apps/defiant/src/outbound/undeclared.ts',
  'dead-letters-dependencies: libs/dead-letters/src/index.ts',
  'destination-dependencies: libs/destination/src/index.ts',
  'destination-port-knows-no-vendor: libs/destination/src/destination.ts',
  'domain-is-pure: apps/defiant/src/domain/decide.ts',
  'domain-is-pure: apps/defiant/src/domain/read.ts',
  'domain-is-pure: apps/defiant/src/domain/send.ts',
  'handle-registry-dependencies: libs/handle-registry/src/index.ts',
  'inbound-never-imports-outbound: apps/defiant/src/inbound/consumer.ts',
  'jose-only-in-its-package: apps/defiant/src/outbound/clients.ts',
  'kafka-cluster-dependencies: libs/kafka/src/cluster/cluster.ts',
  'kafka-consume-dependencies: libs/kafka/src/consume/consumer.ts',
  'kafka-dead-letters-dependencies: libs/kafka/src/dead-letters/writer.ts',
  'kafka-driver-dependencies: libs/kafka/src/driver/client.ts',
  'kafka-dependencies: libs/kafka/src/event.ts',
  'kafka-produce-dependencies: libs/kafka/src/produce/publisher.ts',
  'kafka-protocol-knows-no-driver: libs/kafka/src/driver/protocol/bytes.ts',
  'kafka-security-dependencies: libs/kafka/src/security/files.ts',
  'kafka-table-dependencies: libs/kafka/src/table/view.ts',
  'kafka-words-know-no-room: libs/kafka/src/settings.ts',
  'kafkajs-only-in-its-package: apps/defiant/src/outbound/clients.ts',
  'kafkajs-only-in-its-package: libs/kafka/src/produce/publisher.ts',
  'libs-never-import-apps: libs/service/src/app.ts',
  'mysql2-only-in-its-package: apps/defiant/src/outbound/clients.ts',
  'no-cycles: apps/defiant/src/outbound/ring-a.ts',
  'no-unresolvable: apps/defiant/src/outbound/lost.ts',
  'outbound-never-imports-inbound: apps/defiant/src/outbound/reply.ts',
  'page-ledger-dependencies: libs/page-ledger/src/index.ts',
  'programs-dependencies: libs/programs/src/index.ts',
  'proxy-dependencies: libs/proxy/src/index.ts',
  'rate-limiter-flexible-only-in-its-package: apps/defiant/src/outbound/clients.ts',
  'routing-dependencies: libs/routing/src/index.ts',
  'sealed-credentials-dependencies: libs/sealed-credentials/src/index.ts',
  'service-dependencies: libs/service/src/registry.ts',
  'testing-only-in-tests: apps/defiant/src/inbound/fake.ts',
  'testing-only-in-tests: libs/contracts/src/index.ts',
  'testing-only-in-tests: libs/vocabulary/src/words.ts',
  'tests-never-run-for-real: apps/defiant/src/inbound/probe.ts',
  'through-the-index: apps/defiant/src/outbound/deep.ts',
  'through-the-index: apps/defiant/src/outbound/neighbour.ts',
  'through-the-index: libs/service/src/app.ts',
  'topics-dependencies: libs/topics/src/index.ts',
  'trace-dependencies: libs/trace/src/index.ts',
  'typeorm-only-in-its-package: apps/defiant/src/outbound/clients.ts',
  'undici-only-in-its-package: apps/defiant/src/outbound/clients.ts',
  'vocabulary-imports-nothing: libs/vocabulary/src/index.ts',
  'vocabulary-imports-nothing: libs/vocabulary/src/words.ts',
  'vocabulary-dependencies: libs/vocabulary/src/words.ts',
];
