import { readFileSync } from 'node:fs';

// Jest resolves `.ts` imports of the sources itself; only the build rewrites them.
const { $schema, ...swc } = JSON.parse(readFileSync(`${import.meta.dirname}/.swcrc`, 'utf8'));
const swcOptions = {
  ...swc,
  swcrc: false,
  jsc: { ...swc.jsc, rewriteRelativeImportExtensions: false },
  sourceMaps: 'inline',
};
const swcWithJsx = {
  ...swcOptions,
  jsc: {
    ...swcOptions.jsc,
    parser: { syntax: 'typescript', tsx: true },
    transform: { react: { runtime: 'automatic' } },
  },
};

// All kinds of tests are configured alike. The suffix of a file names its kind, by what it runs against.
const kind = (displayName, testMatch, { testPathIgnorePatterns = [], ...options } = {}) => ({
  displayName,
  rootDir: import.meta.dirname,
  testMatch,
  testPathIgnorePatterns: ['/node_modules/', '/dist/', '/\\.local/', ...testPathIgnorePatterns],
  modulePathIgnorePatterns: ['<rootDir>/\\.local/', '<rootDir>/.*/dist/'],
  testEnvironment: 'node',
  testEnvironmentOptions: { customExportConditions: ['@pagebridge/source', 'node', 'node-addons'] },
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '^.+\\.ts$': ['@swc/jest', swcOptions] },
  ...options,
});

export default {
  // By default Jest leaves one CPU unused, which is half of two.
  maxWorkers: '100%',
  // Jest keeps the modules of every spec file: after gigabytes of them a worker spends much time in garbage collection.
  workerIdleMemoryLimit: '500MB',
  // Longer than a wait, so that the wait says what it has waited for. The machine may be busy; a test of speed sets its own bound.
  testTimeout: 240_000,
  projects: [
    kind('unit', ['**/*.spec.ts'], {
      testPathIgnorePatterns: ['\\.(int|e2e|console|chaos|nightly|image)\\.spec\\.ts$'],
      setupFiles: ['<rootDir>/test/property-seed.ts'],
    }),
    // Components of the console, on a page without layout and services that answer the examples of their documents.
    kind('components', ['**/apps/console/src/**/*.spec.tsx'], {
      testEnvironment: '<rootDir>/apps/console/test-environment.js',
      testEnvironmentOptions: { customExportConditions: ['@pagebridge/source', 'node', 'node-addons'] },
      extensionsToTreatAsEsm: ['.ts', '.tsx'],
      moduleNameMapper: { '\\.css$': '<rootDir>/apps/console/src/style.fixtures.ts' },
      transform: { '^.+\\.ts$': ['@swc/jest', swcOptions], '^.+\\.tsx$': ['@swc/jest', swcWithJsx] },
      testTimeout: 20_000,
    }),
    kind('integration', ['**/*.int.spec.ts'], { setupFiles: ['<rootDir>/test/worker-environment.ts'] }),
    kind('journeys', ['**/*.e2e.spec.ts'], { setupFiles: ['<rootDir>/test/worker-environment.ts'] }),
    kind('console', ['**/*.console.spec.ts', '**/test/console/*.e2e.spec.ts'], {
      setupFiles: ['<rootDir>/test/worker-environment.ts'],
    }),
    kind('chaos', ['**/*.chaos.spec.ts']),
    kind('nightly', ['**/*.nightly.spec.ts'], { setupFiles: ['<rootDir>/test/worker-environment.ts'] }),
    kind('image', ['**/*.image.spec.ts']),
  ],
};
