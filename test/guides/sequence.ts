import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '@pagebridge/local-stack/base';

/** Returns the guides that the README's table of the first hour links, in its order: each can be pasted beside `npm start`. */
export function guidesOfReadme(): string[] {
  const [, hour = ''] = readFileSync(join(root, 'README.md'), 'utf8').split('\n## The first hour\n');
  const rows = hour.split('\n## ')[0]?.matchAll(/^\| \[[^\]]+\]\((docs\/[^)#]+\.md)\) \|/gm) ?? [];
  return [...rows].map(([, document]) => String(document));
}

/** Documents for an installation. They are pasted once, after the guides, with the Kafka and database of `npm start` for theirs. */
export const withOtherHosts = [
  'docs/how-to/run-the-services.md',
  'docs/how-to/upgrade.md',
  'docs/runbooks/archive-the-audit.md',
  'docs/sandbox.md',
];

/** Why the commands of a document are in no sequence. */
export const notPasted: Readonly<Record<string, string>> = {
  'CONTRIBUTING.md': 'npm run demo and npm run check are tests themselves',
  'docs/deploy-on-kubernetes.md': 'needs a cluster; its objects are rendered and checked by test/chart',
  'docs/cli.md': 'has examples of many commands; apps/cli and test/journeys run each of them',
  'docs/image.md': 'needs docker or podman, and builds the image: npm run test:image',
  'docs/how-to/share-snapshots.md':
    'shares with whoever has a link; test/journeys/page-history and test/console/snapshots set, open and revoke it',
  'docs/how-to/proxy.md': 'needs a proxy of yours and a cluster; calls go through a real one in test/proxy',
  'docs/kafka-security.md':
    'starts npm start -- --secure; its logins, rights and refusals are in test/secure and the journeys',
  'docs/operate.md': 'needs a cluster, and takes it down',
  'docs/runbooks/alerts.md': 'needs a cluster; its shell functions run in test/docs/runbooks.spec.ts',
  'deploy/helm/pagebridge/README.md': 'needs a cluster; the smoke test is a journey',
};
