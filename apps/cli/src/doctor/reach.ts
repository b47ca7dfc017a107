import { KafkaError, type KafkaSettings } from '@pagebridge/kafka';
import { datadogDataCenters } from '@pagebridge/vocabulary';
import { type Context, type ServiceName, services } from '../contexts/context.ts';
import { readRegistry } from '../registry/read-registry.ts';
import type { RegistryTables } from '../registry/registry-tables.ts';
import { ask } from './ask.ts';
import { type Finding, fault, ok, warning } from './finding.ts';
import type { Addresses } from './services.ts';

/** Findings about the destinations of the connections: whether their keys are accepted, and their hosts answer this machine. */
export async function checkDestinations(settings: KafkaSettings, { destinations }: Addresses): Promise<Finding[]> {
  const tables = await readRegistry(settings).catch((error: unknown) => {
    if (error instanceof KafkaError) return error;
    throw error;
  });
  if (tables instanceof KafkaError) {
    const detail = `cannot read the connections: ${tables.message}`;
    return [warning('destinations', detail, 'fix the findings about Kafka')];
  }
  const known = [...destinations, ...datadogDataCenters.map((its) => ({ ...its, dataCenter: its.name }))];
  const used = new Set([...tables.connections.values()].flatMap((its) => (its.enabled ? its.dataCenter : [])));
  const reached = [...used].map((name): Finding[] | Promise<Finding[]> => {
    const check = `data center ${name}`;
    const its = known.find(({ dataCenter }) => dataCenter === name);
    if (its) return Promise.all([its.apiUrl, its.pagingUrl].map((url) => reach(check, url)));
    return [
      warning(
        check,
        'unknown data center: its hosts are not configured here',
        'add its hosts to destinations in --services',
      ),
    ];
  });
  return [...refused(tables), ...(await Promise.all(reached)).flat()];
}

/** Findings about the addresses of services in a context: whether they answer this machine. */
export function checkAddresses(context: Context = {}): Promise<Finding[]> {
  const names = Object.keys(services) as ServiceName[];
  const urls = new Set(names.flatMap((name) => context[name] ?? context.url ?? []));
  return Promise.all([...urls].map((url) => reach('address of services', url)));
}

function refused({ directories, connections }: RegistryTables): Finding[] {
  const ids = new Set([...directories.values()].flatMap((its) => its.refused));
  return [...ids].flatMap((id) => {
    const its = connections.get(id);
    const cure = 'docs/runbooks/alerts.md#pagebridgecredentialrefused';
    return its ? fault(`connection ${its.sourceOrg}/${its.slug}`, 'the destination rejects the keys', cure) : [];
  });
}

/** Any answer will do: it shows that name, TCP and TLS work from here, through the proxy if there is one. */
async function reach(check: string, url: string): Promise<Finding> {
  const { status, error } = await ask(url, 'HEAD');
  const cure = 'check DNS, firewall and proxy (docs/how-to/proxy.md), here and where the services run';
  return status === undefined ? fault(check, error, cure) : ok(check, `${url} is reachable`);
}

/** Findings about the issuer of tokens: whether it answers with its own description. */
export async function checkIssuer(issuer: string | undefined): Promise<Finding[]> {
  if (issuer === undefined) return [];
  const { status, body, error } = await ask(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`);
  if (status === 200 && body.includes('"jwks_uri"')) return [ok('issuer', `${issuer} is reachable`)];
  const cure = 'fix the issuer: without it, nobody can log in and services cannot load its keys; see docs/access.md';
  return [fault('issuer', error || `${issuer} responded with ${status} and no OpenID configuration`, cure)];
}
