/** The programs of the image by command: the file, relative to this folder, and a description for the help. */
export const programs = {
  'connection-management': { file: 'apps/connection-management/dist/main.js', does: 'service: connections over HTTP' },
  'handle-sync': { file: 'apps/handle-sync/dist/main.js', does: 'service: the teams of the destinations' },
  'page-routing': { file: 'apps/page-routing/dist/main.js', does: 'service: what each handle in an alert means' },
  'alert-intake': { file: 'apps/alert-intake/dist/main.js', does: 'service: takes alerts over HTTP' },
  'page-history': { file: 'apps/page-history/dist/main.js', does: 'service: what became of alerts and pages' },
  'page-delivery': { file: 'apps/page-delivery/dist/main.js', does: 'service: creates and resolves pages' },
  'console-gateway': { file: 'apps/console-gateway/dist/main.js', does: 'service: the console in the browser' },
  health: { file: 'libs/service/dist/programs/health.js', does: 'prints what the service of this container waits for' },
  idle: { file: 'libs/service/dist/programs/idle.js', does: 'does nothing: keeps a container up for other programs' },
  migrations: {
    file: 'apps/connection-management/dist/migrate.js',
    does: 'creates and updates the tables of connection-management',
  },
  'history-migrations': {
    file: 'apps/page-history/dist/migrate.js',
    does: 'creates and updates the tables of page-history',
  },
  republish: {
    file: 'apps/connection-management/dist/republish.js',
    does: 'publishes every connection again, for a Kafka that was rebuilt',
  },
  pagebridge: { file: 'apps/cli/dist/main.js', does: 'the command line: asks an installation, and repairs it' },
  'sealing-keys': {
    file: 'libs/sealed-credentials/dist/programs/sealing-keys.js',
    does: 'generates a pair of sealing keys and prints it',
  },
  'oncall-sandbox': { file: 'apps/oncall-sandbox/dist/main.js', does: 'simulates destination orgs, for tests' },
};
