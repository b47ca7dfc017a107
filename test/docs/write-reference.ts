import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { build, commandLine, Progress } from '@pagebridge/local-stack/base';
import { Type } from 'typebox';
import { references, root } from './reference.ts';

/* From the build, since Node does not run decorators; what is imported is typed as the sources that it was built from. */
const help = `npm run generate:reference: writes docs/configuration.md, docs/http.md and docs/openapi/*.json anew from the services, and from them
the routes of console-gateway, and with its values.yaml the schema, the README and the topics of the Helm chart
`;

commandLine(help, {});
await new Progress().step('building what has changed', build);

const built = (folder: string, file: string) => import(join(root, folder, 'dist', `${file}.js`));
const { callersConfig, commonConfig } = (await built('libs/service', 'index')) as typeof import('@pagebridge/service');
const services = [
  {
    name: 'connection-management',
    config: (await built('apps/connection-management', 'config')).connectionManagementConfig,
    ...(await built('apps/connection-management', 'openapi-document')),
  },
  {
    name: 'handle-sync',
    config: (await built('apps/handle-sync', 'config')).handleSyncConfig,
    ...(await built('apps/handle-sync', 'openapi-document')),
  },
  {
    name: 'page-routing',
    config: (await built('apps/page-routing', 'config')).pageRoutingConfig,
    ...(await built('apps/page-routing', 'openapi-document')),
  },
  { name: 'page-delivery', config: (await built('apps/page-delivery', 'config')).pageDeliveryConfig },
  {
    name: 'alert-intake',
    config: (await built('apps/alert-intake', 'config')).alertIntakeConfig,
    ...(await built('apps/alert-intake', 'openapi-document')),
  },
  {
    name: 'page-history',
    config: (await built('apps/page-history', 'config')).pageHistoryConfig,
    ...(await built('apps/page-history', 'openapi-document')),
  },
];

const shared = [
  { name: 'every-service', schema: Type.Object(commonConfig) },
  { name: 'services-with-routes', schema: Type.Object(callersConfig) },
];
const others = [
  { name: 'console-gateway', schema: (await built('apps/console-gateway', 'config')).consoleGatewayConfig },
];
const [contracts, { aclsOf }] = await Promise.all([import('@pagebridge/contracts'), import('@pagebridge/topics')]);
for (const { path, content } of await references(shared, services, others, { ...contracts, aclsOf })) {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), content);
}
