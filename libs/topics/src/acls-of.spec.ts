import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { cards, handlerOf, services, topicDefinitionsOf } from '@pagebridge/contracts';
import { deadLetterTopicOf } from '@pagebridge/vocabulary';
import { type Acl, aclsOf } from './acls-of.ts';

const root = join(import.meta.dirname, '../../..');
const linesOf = (acls: readonly Acl[]) =>
  acls.map(
    ({ who, operation, resourceType, resourceName, patternType }) =>
      `${who}: ${operation} ${resourceType} ${resourceName}${patternType === 'prefixed' ? '*' : ''}`,
  );
const lines = linesOf(aclsOf(cards));
/** What page-history reads where it is there, and does not compare with a card. */
const isReadBeside = (line: string) => /^page-history: Read topic \S+(\.dead|\*)$/.test(line);
const principal = (party: string) => party.replaceAll(' ', '-');

describe('the list of ACLs', () => {
  it.each(cards.map((card) => [card.topic, card] as const))(
    'lets exactly the producers and consumers of %s write and read it',
    (topic, card) => {
      const allowed = lines.filter((line) => / (Read|Write) topic /.test(line) && line.endsWith(` ${topic}`));
      const expected = [
        ...card.producers.map((party) => `${principal(party)}: Write topic ${topic}`),
        ...card.consumers.map((party) => `${principal(party)}: Read topic ${topic}`),
      ];
      const others = (those: readonly string[]) =>
        those.filter((line) => !/^(dead-letters|inspect): /.test(line)).toSorted();
      expect(others(allowed)).toEqual(others(expected));
    },
  );

  it('lets each service describe the settings of the topics that it reads and writes, and else those who look at all', () => {
    const servicesAnd = (right: RegExp) =>
      lines.filter((line) => services.some((service) => line.startsWith(`${service}: `)) && right.test(line));
    const used = servicesAnd(/ (Read|Write) topic /)
      .filter((line) => !isReadBeside(line))
      .map((line) => line.replace(/ (Read|Write) /, ' DescribeConfigs '));
    expect(servicesAnd(/ DescribeConfigs topic /)).toEqual([...new Set(used)]);
    const others = lines.filter((line) => line.includes(' DescribeConfigs ') && !used.includes(line));
    const all = lines.flatMap((line) => line.split('topics: Describe ')[1] ?? []);
    expect(others).toEqual(['inspect', 'topics'].flatMap((who) => all.map((of) => `${who}: DescribeConfigs ${of}`)));
  });

  it('gives each service that handles records its own group, and no other', () => {
    const handlers = new Set(cards.flatMap((card) => handlerOf(card) ?? []));
    for (const service of services) {
      const own = handlers.has(service) ? [`${service}: Read group ${service}`] : [];
      expect(lines.filter((line) => line.startsWith(`${service}: `) && line.includes(' group '))).toEqual(own);
    }
    expect([...handlers]).not.toContain('alert-intake');
  });

  it('has no ACL that another one makes redundant', () => {
    const acls = aclsOf(cards, ['acme-us', 'umbrella-eu']);
    const implied = { Describe: ['Delete', 'Read', 'Write'] } as Partial<
      Record<Acl['operation'], readonly Acl['operation'][]>
    >;
    const covers = (a: Acl, b: Acl): boolean =>
      a.who === b.who &&
      a.resourceType === b.resourceType &&
      (a.operation === b.operation || Boolean(implied[b.operation]?.includes(a.operation))) &&
      (a.resourceName === b.resourceName ||
        (a.patternType === 'prefixed' && b.resourceName.startsWith(a.resourceName)));
    const redundant = acls.filter((line) => acls.some((other) => other !== line && covers(other, line)));
    expect(linesOf(redundant)).toEqual([]);
  });

  it('lets each service write the dead letters of exactly the topics that its code handles', () => {
    const handled = services.flatMap((service) =>
      globSync(`apps/${service}/src/inbound/**/*.ts`, { cwd: root }).flatMap((file) => {
        const names = readFileSync(join(root, file), 'utf8').matchAll(/@EventPattern<[^(]*>\((\w+)\.card\.topic\)/g);
        return [...names].map(([, name = '']) => `${service}: ${name}`);
      }),
    );
    const parked = cards.flatMap((card) => {
      const handler = handlerOf(card);
      return handler === undefined ? [] : [`${handler}: ${nameOf(card.topic)}`];
    });
    expect(parked.toSorted()).toEqual(handled.toSorted());
    const written = lines.filter((line) => line.includes(': Write topic ') && line.endsWith('.dead'));
    expect(written).toHaveLength(handled.length);
  });

  it('lets page-history read all dead letters and the topics that orgs own, and write only who was denied and which tokens were used', () => {
    const its = lines.filter((line) => line.startsWith('page-history: '));
    expect(its.filter(isReadBeside)).toEqual([
      'page-history: Read topic paging.access-token-uses.v1.dead',
      'page-history: Read topic paging.alerts.v1.dead',
      'page-history: Read topic paging.connection-reports.v1.dead',
      'page-history: Read topic paging.org-alerts.v1.*',
      'page-history: Read topic paging.page-commands.v1.dead',
      'page-history: Read topic paging.sync-requests.v1.dead',
    ]);
    expect(its.filter((line) => line.includes(' Write '))).toEqual([
      'page-history: Write topic paging.access-token-uses.v1',
      'page-history: Write topic paging.audit.v1',
    ]);
    expect(its.join()).not.toContain(' group ');
  });

  it('lets reseal read the connections, and nothing else', () => {
    expect(lines.filter((line) => line.startsWith('reseal: '))).toEqual(['reseal: Read topic paging.connections.v1']);
  });

  it('lets whoever inspects see every topic and group, read none about tokens or persons, and change nothing', () => {
    const its = lines.filter((line) => line.startsWith('inspect: '));
    const of = (right: string) => its.flatMap((line) => line.split(`inspect: ${right} `)[1] ?? []);
    expect(its.filter((line) => !/: (Read|Describe|DescribeConfigs) topic |: Describe group /.test(line))).toEqual([]);
    const topics = cards.flatMap(topicDefinitionsOf).map(({ topic }) => `topic ${topic}`);
    expect(of('DescribeConfigs').toSorted()).toEqual(topics.toSorted());
    expect([...of('Read'), ...of('Describe').filter((name) => name.startsWith('topic '))].toSorted()).toEqual(
      topics.toSorted(),
    );
    expect(of('Read').join()).not.toMatch(/access-token|integrations|audit/);
    expect(of('Read')).toContain('topic paging.page-commands.v1.dead');
    expect(of('Describe').filter((name) => name.startsWith('group '))).toEqual(
      ['connection-management', 'handle-sync', 'page-delivery', 'page-routing'].map((name) => `group ${name}`),
    );
  });

  it('lets the replay of dead letters read them and write to their original topics', () => {
    expect(lines.filter((line) => line.startsWith('dead-letters: '))).toEqual(
      expect.arrayContaining([
        ...cards
          .filter(({ deadLetter }) => deadLetter)
          .map(({ topic }) => `dead-letters: Read topic ${deadLetterTopicOf(topic)}`),
        'dead-letters: Read topic paging.connections.v1',
        'dead-letters: Write topic paging.alerts.v1',
        'dead-letters: Write topic paging.page-commands.v1',
      ]),
    );
  });
});

/** `paging.page-commands.v1` is the contract PageCommands. */
const nameOf = (topic: string): string =>
  (topic.split('.')[1] ?? '').replaceAll(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase());

describe('the ACLs of a topic that a source org owns', () => {
  const before = new Set(lines);
  const topic = 'paging.org-alerts.v1.acme-us';

  it('let the producers of the org write only there, and give services and programs the same rights as on the shared topic', () => {
    const added = linesOf(aclsOf(cards, ['acme-us'])).filter((line) => !before.has(line));
    expect(added).toEqual([
      `alert-producers-acme-us: Write topic ${topic}`,
      `connection-management: Describe topic ${topic}`,
      `connection-management: Describe topic ${topic}.dead`,
      `page-routing: Read topic ${topic}`,
      `page-routing: Write topic ${topic}.dead`,
      'page-routing: Read group page-routing-org-alerts',
      `alert-intake: Write topic ${topic}`,
      `dead-letters: Read topic ${topic}`,
      `dead-letters: Write topic ${topic}`,
      `dead-letters: Read topic ${topic}.dead`,
      `inspect: DescribeConfigs topic ${topic}`,
      `inspect: Read topic ${topic}`,
      `inspect: DescribeConfigs topic ${topic}.dead`,
      `inspect: Read topic ${topic}.dead`,
      'inspect: Describe group page-routing-org-alerts',
      `topics: Create topic ${topic}`,
      `topics: Describe topic ${topic}`,
      `topics: DescribeConfigs topic ${topic}`,
      `topics: Create topic ${topic}.dead`,
      `topics: Describe topic ${topic}.dead`,
      `topics: DescribeConfigs topic ${topic}.dead`,
    ]);
  });
});
