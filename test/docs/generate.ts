import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { build, commandLine, Progress, root } from '@pagebridge/local-stack/base';

const help = `npm run generate: write every generated file that is stored in git

From the topic cards of libs/contracts:
  docs/asyncapi.yaml, libs/contracts/contracts.lock.json, the topic table of ARCHITECTURE.md
From the services, their topics and the comments of the chart's values.yaml:
  docs/configuration.md, docs/http.md, docs/openapi/, docs/runbooks/replay-dead-letters.md,
  the routes of console-gateway, and the schema, README and topics of the Helm chart
From the Helm chart:
  deploy/kustomize/base/ and deploy/kustomize/components/

The command builds changed packages first, and prints the path of each changed file. It fails if a changed topic schema makes existing
records unreadable.

  --help  print this help
`;
commandLine(help, {});

interface Generated {
  readonly path: string;
  readonly content: string;
}

let changed = 0;
function write(files: readonly Generated[]): void {
  for (const { path, content } of files) {
    const file = join(root, path);
    if (existsSync(file) && readFileSync(file, 'utf8') === content) continue;
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
    process.stdout.write(`wrote ${path}\n`);
    changed += 1;
  }
}

await new Progress().step('building changed packages', build);

// Imported after the build, because these modules import built packages.
const { cards } = await import('../../libs/contracts/src/index.ts');
const { incompatibilities } = await import('../../libs/contracts/generation/compatibility.ts');
const { lockOf } = await import('../../libs/contracts/generation/lock.ts');
const { locked, outputs } = await import('../../libs/contracts/generation/outputs.ts');
const broken = incompatibilities(locked(), lockOf(cards));
if (broken.length > 0) {
  for (const complaint of broken) process.stderr.write(`error: ${complaint}\n`);
  process.stderr.write('hint: consumers must still read existing records; add a .v2 topic next to the old one\n');
  process.exit(1);
}
write(outputs());
const { builtReferences } = await import('./built-services.ts');
write(await builtReferences());
// The chart renders files that were written just now.
const { plainManifests } = await import('../chart/plain-manifests.ts');
write([...plainManifests()].map(([path, content]) => ({ path: `deploy/kustomize/${path}`, content })));
process.stdout.write(changed === 0 ? 'all generated files are up to date\n' : `generated files changed: ${changed}\n`);
