import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';

const root = join(import.meta.dirname, '../..');

/** What a package of one tag may depend on, by tag; of the two in `anything` nobody's running code depends. */
const allowed: Readonly<Record<string, readonly string[]>> = {
  'type:vocabulary': [],
  'type:kafka': ['type:vocabulary'],
  'type:contracts': ['type:vocabulary'],
  'type:domain': ['type:contracts', 'type:vocabulary'],
  'type:client': ['type:vocabulary', 'type:domain'],
  'type:service': ['type:contracts', 'type:kafka', 'type:vocabulary'],
  'type:app': ['type:contracts', 'type:kafka', 'type:vocabulary', 'type:domain', 'type:client', 'type:service'],
};
const anything = ['type:testing', 'type:test', 'type:local-stack'];

interface Graph {
  readonly nodes: Readonly<Record<string, { data: { root: string; tags: readonly string[] } }>>;
  readonly dependencies: Readonly<Record<string, readonly { target: string }[]>>;
}

function projectGraph(): Graph {
  const folder = mkdtempSync(join(tmpdir(), 'project-graph-'));
  const file = join(folder, 'graph.json');
  const args = [join(root, 'node_modules/nx/dist/bin/nx.js'), 'graph', `--file=${file}`];
  const { stderr } = spawnSync(process.execPath, args, {
    cwd: root,
    encoding: 'utf8',
    env: { ...process.env, NX_DAEMON: 'false', NODE_OPTIONS: '' },
  });
  try {
    return JSON.parse(readFileSync(file, 'utf8')).graph;
  } catch (cause) {
    throw new Error(`nx graph wrote no graph: ${stderr}`, { cause });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe('the project graph', () => {
  let edges: { from: string; to: string }[];
  let graph: Graph;
  const tagOf = (name: string) => graph.nodes[name]?.data.tags.find((tag) => tag.startsWith('type:')) ?? 'untagged';

  beforeAll(() => {
    graph = projectGraph();
    edges = Object.entries(graph.dependencies).flatMap(([from, targets]) =>
      targets.filter(({ target }) => graph.nodes[target]).map(({ target }) => ({ from, to: target })),
    );
  }, 30_000);

  it('knows every app and library by a tag with rules', () => {
    for (const name of Object.keys(graph.nodes)) expect([...Object.keys(allowed), ...anything]).toContain(tagOf(name));
    const folders = Object.values(graph.nodes).map(({ data }) => data.root);
    for (const app of ['connection-management', 'handle-sync', 'page-routing', 'page-delivery', 'oncall-sandbox']) {
      expect(folders).toContain(`apps/${app}`);
    }
  });

  it('has apps that depend on libraries, and never on each other', () => {
    const ofApps = edges.filter(({ from }) => tagOf(from) === 'type:app');
    expect(ofApps.length).toBeGreaterThan(0);
    for (const { to } of ofApps) expect(graph.nodes[to]?.data.root).toMatch(/^libs\//);
  });

  it('keeps to what each tag may depend on', () => {
    const forbidden = edges.filter(({ from, to }) => !(allowed[tagOf(from)] ?? [tagOf(to)]).includes(tagOf(to)));
    expect(forbidden).toEqual([]);
  });
});
