// Who may import whom. `npm run check` checks the code against it; test/boundaries tests samples of the rules.
// Packages resolve to their sources, so a rule speaks of folders, never of node_modules links.

const tests = '\\.(spec|fixtures?)\\.tsx?$|^(apps|libs)/[^/]+/test(-fixtures)?/';
// The sandbox as tests of apps start it; it stands in a test folder, so that nothing that runs for real can.
const sandbox = '^apps/oncall-sandbox/test/in-process\\.ts$';
const npm = (name) => `(^|/)node_modules/${name}/`;
const rule = (name, comment, from, to) => ({ name, comment, severity: 'error', from, to });

/** A library, and the libraries that it may import; `comment` is what a violation means. */
const libraries = {
  vocabulary: [],
  process: [],
  contracts: ['vocabulary'],
  kafka: ['vocabulary'],
  'handle-registry': ['vocabulary', 'contracts'],
  'sealed-credentials': ['vocabulary', 'process'],
  destination: ['vocabulary', 'sealed-credentials', 'process'],
  access: ['vocabulary', 'process'],
  service: ['vocabulary', 'contracts', 'kafka', 'access', 'process'],
  database: ['service'],
  topics: ['vocabulary', 'contracts', 'kafka'],
  'page-lifecycle': ['vocabulary', 'contracts'],
  'dead-letters': ['vocabulary', 'contracts', 'kafka', 'page-lifecycle'],
  trace: ['vocabulary', 'contracts'],
  routing: ['vocabulary', 'contracts', 'handle-registry'],
};

const libraryRules = Object.entries(libraries).map(([library, allowed]) =>
  rule(
    `${library}-dependencies`,
    `libs/${library} imports no library of ours but ${allowed.join(', ') || 'none'}: it must stay usable without them.`,
    { path: `^libs/${library}/`, pathNot: tests },
    { path: '^libs/', pathNot: [library, ...allowed].map((name) => `^libs/${name}/`) },
  ),
);

/** A room of libs/kafka, and the rooms that it may import; what stands at the root they all may. */
const kafkaRooms = {
  security: [],
  driver: [],
  cluster: ['driver'],
  produce: ['driver', 'cluster'],
  'dead-letters': ['driver', 'produce'],
  consume: ['driver', 'cluster', 'dead-letters'],
  table: ['driver', 'cluster'],
};
const kafkaSrc = '^libs/kafka/src/';

const kafkaRules = [
  ...Object.entries(kafkaRooms).map(([room, allowed]) =>
    rule(
      `kafka-${room}-dependencies`,
      `libs/kafka/src/${room} imports no room but ${allowed.join(', ') || 'none'}: the driver can be replaced alone.`,
      { path: `${kafkaSrc}${room}/`, pathNot: tests },
      { path: `${kafkaSrc}[^/]+/`, pathNot: [room, ...allowed].map((name) => `${kafkaSrc}${name}/`) },
    ),
  ),
  rule(
    'kafka-protocol-knows-no-driver',
    'How records stand in bytes is said without kafkajs and without connections.',
    { path: `${kafkaSrc}driver/protocol/`, pathNot: tests },
    { path: [`${kafkaSrc}driver/(?!protocol/)`, npm('kafkajs')] },
  ),
  rule(
    'kafka-words-know-no-room',
    'Records, settings and errors are known to all rooms and know none.',
    { path: `${kafkaSrc}(?!index\\.ts$)[^/]+\\.ts$`, pathNot: tests },
    { path: `${kafkaSrc}[^/]+/` },
  ),
];

const vendorRule = rule(
  'destination-port-knows-no-vendor',
  'What a destination is, and how its calls fail, is said without the vendor that stands behind it.',
  { path: '^libs/destination/src/(destination|result)\\.ts$' },
  { path: '^libs/destination/src/[^/]+/' },
);

/** An npm package, and the only folder that may import it. */
const owners = {
  kafkajs: ['libs/kafka/src/driver', 'its defects are worked around in one place'],
  typeorm: ['(libs/database|apps/(connection-management|page-history))', 'only a service with a database needs it'],
  mysql2: ['libs/database', 'how to connect to a database is said in one place'],
  jose: [
    '(libs/(sealed-credentials|access)|apps/console-gateway/src/session)',
    'credentials are opened in one place, tokens are believed in one, and sessions are sealed in one',
  ],
  'rate-limiter-flexible': ['apps/connection-management/src/outbound/limits', 'it counts in the database'],
  undici: ['libs/process', 'what leaves a process goes through its proxy'],
};
/** Who may import it too. A benchmark measures us against kafkajs alone, ACLs and offsets are set by its admin; tables are recorded and compared, and users of a local database get rights. */
const alsoIn = {
  kafkajs: ['^libs/kafka/(test-fixtures/|.*\\.spec\\.ts$)', '^test/bench/', '^test/secure/', '^test/recording/'],
  mysql2: [tests, '^libs/testing/', '^deploy/local/secure/', '^test/(bench|harness|recording)/'],
  undici: [tests, '^test/'],
  jose: ['^libs/testing/'],
};

const ownerRules = Object.entries(owners).map(([name, [folder, reason]]) =>
  rule(
    `${name}-only-in-its-package`,
    `${name} is imported by ${folder} alone: ${reason}.`,
    {
      pathNot: [`^${folder}/`, ...(alsoIn[name] ?? [])],
    },
    { path: npm(name) },
  ),
);

export default {
  forbidden: [
    rule(
      'vocabulary-imports-nothing',
      'The words of the domain depend on nothing, not even on npm or node.',
      { path: '^libs/vocabulary/src/', pathNot: tests },
      { pathNot: '^libs/vocabulary/src/' },
    ),
    ...libraryRules,
    ...kafkaRules,
    vendorRule,
    ...ownerRules,
    rule('libs-never-import-apps', 'A library serves any app.', { path: '^libs/' }, { path: '^apps/' }),
    rule(
      'apps-never-import-each-other',
      'Apps speak through topics and HTTP; only the sandbox is started by tests of others.',
      { path: '^apps/([^/]+)/' },
      { path: '^apps/', pathNot: ['^apps/$1/', sandbox] },
    ),
    rule(
      'domain-is-pure',
      'A domain imports itself, the vocabulary, contracts, the handle registry, the page ledger and routing; of node only crypto, for hashes.',
      { path: '^apps/([^/]+)/src/domain/', pathNot: tests },
      {
        pathNot: [
          '^apps/$1/src/domain/',
          '^libs/(vocabulary|contracts|handle-registry|page-lifecycle|routing)/src/index\\.ts$',
          '^(node:)?crypto$',
        ],
      },
    ),
    rule(
      'application-knows-no-edge',
      'An application layer states what it needs as ports; inbound and outbound know it, not the other way round.',
      { path: '^apps/([^/]+)/src/application/', pathNot: tests },
      { path: '^apps/$1/src/(inbound|outbound)/' },
    ),
    rule(
      'inbound-never-imports-outbound',
      'What comes in goes through the application.',
      { path: '^apps/([^/]+)/src/inbound/', pathNot: tests },
      { path: '^apps/$1/src/outbound/' },
    ),
    rule(
      'outbound-never-imports-inbound',
      'What goes out does not know how it was asked for.',
      { path: '^apps/([^/]+)/src/outbound/', pathNot: tests },
      { path: '^apps/$1/src/inbound/' },
    ),
    rule(
      'through-the-index',
      'A package is what its index.ts exports, for browsers the words of a trace, what loads undici, its fixtures what specs build with, and the sandbox what tests start.',
      // Arbitrary input is fed to decoders that no index exports; documents are made from configurations and modules.
      { path: '^((?:apps|libs|deploy)/[^/]+|test)/', pathNot: '^test/(fuzz|docs)/' },
      {
        path: '^(apps|libs)/[^/]+/',
        pathNot: [
          '^$1/',
          '^libs/[^/]+/src/(index|.+\\.fixtures)\\.ts$',
          '^libs/trace/src/words\\.ts$',
          '^libs/process/src/proxy\\.ts$',
          '^libs/kafka/test-fixtures/record-batches\\.ts$',
          sandbox,
        ],
      },
    ),
    rule(
      'testing-only-in-tests',
      'Builders and waits have no place in what runs for real; the local stack only shows it.',
      { pathNot: [tests, '^test/', '^libs/testing/', '^deploy/local/'] },
      { path: '^libs/testing/' },
    ),
    rule(
      'declared-dependencies',
      'What a package imports stands in its package.json, among its dependencies.',
      { path: '^(apps|libs)/[^/]+/src/', pathNot: [tests, '^libs/testing/'] },
      { dependencyTypes: ['npm-no-pkg', 'npm-unknown', 'npm-dev'], dependencyTypesNot: ['type-only'] },
    ),
    rule(
      'tests-never-run-for-real',
      'Specs, fixtures and test folders are imported by each other alone.',
      { path: '^(apps|libs)/', pathNot: tests },
      { path: tests },
    ),
    rule(
      'no-cycles',
      'Of two modules that need each other one half belongs elsewhere. Imports of types alone vanish and do no harm.',
      {},
      { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    ),
    rule('no-unresolvable', 'An import leads somewhere.', {}, { couldNotResolve: true }),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^((apps|libs)/[^/]+/dist|\\.local)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: `${import.meta.dirname}/tsconfig.base.json` },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['@pagebridge/source', 'node', 'import', 'types', 'default'],
      extensions: ['.ts', '.js', '.json', '.d.ts'],
      mainFields: ['main', 'types'],
    },
    reporterOptions: { text: { highlightFocused: true } },
  },
};
