import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Type } from 'typebox';
import { type Reference, references, root } from './reference.ts';

/* Node does not run decorators, so the services are imported from the build. Their types are those of the sources. */
const fileOf = (folder: string, name: string) => join(root, folder, 'dist', `${name}.js`);

/** Returns every document that follows from the services and their topics. Everything must be built. */
export async function builtReferences(): Promise<Reference[]> {
  const [contracts, { aclsOf }, service] = await Promise.all([
    import('@pagebridge/contracts'),
    import('@pagebridge/topics'),
    import(fileOf('libs/service', 'index')) as Promise<typeof import('@pagebridge/service')>,
  ]);
  const shared = [
    { name: 'every-service', schema: Type.Object(service.commonConfig) },
    { name: 'services-with-routes', schema: Type.Object(service.callersConfig) },
  ];
  const services = await Promise.all(contracts.services.map(describe));
  const others = [{ name: 'console-gateway', schema: await configOf('console-gateway') }];
  return references(shared, services, others, { ...contracts, aclsOf });
}

async function describe(name: string) {
  const openApi = fileOf(`apps/${name}`, 'openapi-document');
  return { name, config: await configOf(name), ...(existsSync(openApi) ? await import(openApi) : {}) };
}

/** The variables of `page-history` are `pageHistoryConfig` of its `config.ts`. */
async function configOf(name: string) {
  const exported = `${name.replaceAll(/-(\w)/g, (_, letter: string) => letter.toUpperCase())}Config`;
  return (await import(fileOf(`apps/${name}`, 'config')))[exported];
}
