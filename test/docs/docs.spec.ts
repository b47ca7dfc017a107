import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parsePolicy } from '@pagebridge/access';
import { Alerts, cards, orgAlertTopicOf, topicDefinitionsOf } from '@pagebridge/contracts';

const root = join(import.meta.dirname, '../..');
const read = (path: string) => readFileSync(join(root, path), 'utf8');
const linesBesideTables = (path: string) =>
  (
    read(path)
      .trimEnd()
      .match(/^(?!\|).*$/gm) ?? []
  ).length;
const documents = globSync(['*.md', 'docs/**/*.md', '{apps,libs}/*/README.md', 'deploy/**/README.md'], {
  cwd: root,
  exclude: (path) => path.includes('node_modules'),
});

/** Returns the anchors that GitHub gives to the headings of a document. */
const headingsOf = (document: string) =>
  [...read(document).matchAll(/^#+ (.*)$/gm)].map(([, heading]) =>
    String(heading)
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );

describe('the documents', () => {
  it.each(documents)('%s links to what exists', (document) => {
    const links = [...read(document).matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)/g)].map(([, target]) => String(target));
    const broken = links.filter((link) => !/^[a-z]+:/.test(link) && !existsSync(join(root, dirname(document), link)));
    expect(broken).toEqual([]);
  });

  it.each(documents)('%s links to headings that there are', (document) => {
    const links = [...read(document).matchAll(/\]\(([^)#\s:]*)#([^)\s]+)\)/g)];
    const broken = links.filter(([, target = '', heading = '']) => {
      const path = target === '' ? document : join(dirname(document), target);
      return path.endsWith('.md') && !headingsOf(path).includes(heading);
    });
    expect(broken.map(([link]) => link)).toEqual([]);
  });

  it.each(documents)('%s names no path of one machine and no private host', (document) => {
    expect(read(document)).not.toMatch(/(^|[\s`"'(])\/(home|root|Users|work)\/|\.internal\b/m);
  });

  it('show the files of docs/how-to/examples as they are', () => {
    const pages = globSync('docs/how-to/*.md', { cwd: root }).map(read);
    const shown = (file: string) => pages.some((page) => page.includes(`\n${read(file)}\`\`\``));
    expect(globSync('docs/how-to/examples/*', { cwd: root }).filter((file) => !shown(file))).toEqual([]);
  });

  it('introduce each app and library in at most ten lines, tables apart', () => {
    const folders = globSync('{apps,libs}/*', { cwd: root });
    expect(folders.filter((folder) => !existsSync(join(root, folder, 'README.md')))).toEqual([]);
    expect(folders.filter((folder) => linesBesideTables(`${folder}/README.md`) > 10)).toEqual([]);
  });

  it('tell every decision in the same parts', () => {
    for (const adr of globSync('docs/adr/0*.md', { cwd: root })) {
      const headings = [...read(adr).matchAll(/^## (.*)$/gm)].map(([, heading]) => heading);
      expect([adr, headings]).toEqual([adr, ['Context', 'Decision', 'Consequences']]);
      expect(read(adr)).toMatch(/^# \d{4}\. .+\n\nStatus: \w+, \d{4}-\d\d-\d\d\n/);
    }
  });

  it('say of every topic where to look at it', () => {
    const places = ['ARCHITECTURE.md', 'docs/asyncapi.yaml', 'docs/runbooks/inspect-topics.md'];
    const missing = places.flatMap((place) =>
      cards.filter(({ topic }) => !read(place).includes(topic)).map(({ topic }) => `${topic} in ${place}`),
    );
    expect(missing).toEqual([]);
    for (const { topic } of cards.flatMap(topicDefinitionsOf)) expect(read('docs/asyncapi.yaml')).toContain(topic);
  });

  it('name no topic that does not exist', () => {
    const ofOrgs = orgAlertTopicOf('').slice(0, -1);
    const known = [...cards.flatMap(topicDefinitionsOf).map(({ topic }) => topic), ofOrgs];
    const named = documents.flatMap((document) => read(document).match(/paging\.[a-z-]+\.v\d+(\.dead)?/g) ?? []);
    expect([...new Set(named)].filter((topic) => !known.includes(topic))).toEqual([]);
  });
});

describe('the README', () => {
  it('is short enough for a first hour', () => {
    expect(read('README.md').split('\n').length).toBeLessThanOrEqual(180);
  });

  it('names scripts that there are', () => {
    const has = (script: string, folder: string) => script in JSON.parse(read(join(folder, 'package.json'))).scripts;
    const command = /`npm run (?:-s )?([a-z0-9:-]+)(?: -w ([a-z/-]+))?/g;
    const missing = documents.flatMap((document) =>
      [...read(document).matchAll(command)].flatMap(([text, script = '', folder = '.']) =>
        has(script, folder) ? [] : [`${text} in ${document}`],
      ),
    );
    expect(missing).toEqual([]);
  });
});

describe('docs/how-to/publish-alerts.md', () => {
  it('shows an alert that Pagebridge reads', () => {
    const [, sample = ''] = /printf [^{]*(\{.*?\})' \| tr/s.exec(read('docs/how-to/publish-alerts.md')) ?? [];
    const event = sample.replace("'$(date +%s)'", 'e-1').replace("'$(date -u +%FT%TZ)'", '2026-01-31T12:00:00Z');
    expect(Alerts.decode({ value: Buffer.from(event), headers: {} })).toMatchObject({ ok: true });
  });
});

describe('docs/runbooks/inspect-topics.md', () => {
  it('follows an alert through every topic that has its key, in the section to which the alerts lead', () => {
    const [, section = ''] = read('docs/runbooks/inspect-topics.md').split('\n## Follow one alert\n');
    const [, names = ''] = /^for topic in (.*); do$/m.exec(section.split('\n## ')[0] ?? '') ?? [];
    const { key } = Alerts.card;
    const ofAlerts = cards.filter((card) => card.key === key).map(({ topic }) => topic);
    expect(names.split(' ').map((name) => `paging.${name}.v1`)).toEqual(ofAlerts);
  });
});

describe('docs/access.md', () => {
  const policies = [...read('docs/access.md').matchAll(/```yaml\n(.*?)```/gs)].map(([, policy]) => String(policy));

  it('shows policies that Pagebridge reads, one for each provider and one of its own', () => {
    expect(policies.map((policy) => parsePolicy(policy).issuers.size)).toEqual([1, 1, 1, 1]);
  });
});
