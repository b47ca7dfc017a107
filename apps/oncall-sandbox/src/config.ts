import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import type { OrgConfig } from './domain/org-config.ts';
import { Fields } from './fields.ts';
import type { Certificate } from './inbound/listener.ts';
import { orgIn } from './org-input.ts';

export interface SandboxConfig {
  readonly host: string;
  readonly controlPort: number;
  readonly orgs: readonly OrgConfig[];
  /** The certificate of the hosts of the orgs; undefined serves plain HTTP. The control API never uses TLS. */
  readonly certificate?: Certificate | undefined;
}

const demoOrgs = [
  { org: 'globex', dataCenter: 'EU1-SANDBOX', teams: ['core-infra', 'payments', { handle: 'design', onCall: false }] },
  { org: 'initech', dataCenter: 'AP1-SANDBOX', teams: ['database', 'network', 'core-platform'] },
];

/**
 * Reads the configuration from `--config <file>` (JSON: `orgs`, `controlPort`, `host`), else from the environment.
 *
 * `SANDBOX_ORGS` is a JSON list of orgs; the default is two demo orgs, `[]` starts none. `SANDBOX_CONTROL_PORT` defaults
 * to 0, a free port; `SANDBOX_HOST` to 127.0.0.1. `SANDBOX_TLS_CERT_FILE` and `SANDBOX_TLS_KEY_FILE` turn on TLS for the
 * orgs. Throws an Error that names the invalid setting.
 */
export function readConfig(args: readonly string[], env: NodeJS.ProcessEnv): SandboxConfig {
  const { values } = parseArgs({ args: [...args], options: { config: { type: 'string' } } });
  const certificate = certificateIn(env);
  if (values.config !== undefined)
    return { ...configIn(parse(readFileSync(values.config, 'utf8'), values.config)), certificate };
  const { SANDBOX_ORGS, SANDBOX_CONTROL_PORT, SANDBOX_HOST } = env;
  const config = configIn({
    orgs: SANDBOX_ORGS ? parse(SANDBOX_ORGS, 'SANDBOX_ORGS') : demoOrgs,
    ...(SANDBOX_CONTROL_PORT ? { controlPort: Number(SANDBOX_CONTROL_PORT) } : {}),
    ...(SANDBOX_HOST ? { host: SANDBOX_HOST } : {}),
  });
  return { ...config, certificate };
}

function certificateIn({ SANDBOX_TLS_CERT_FILE: cert, SANDBOX_TLS_KEY_FILE: key }: NodeJS.ProcessEnv) {
  if (!cert && !key) return undefined;
  if (!cert || !key) throw new Error('set both SANDBOX_TLS_CERT_FILE and SANDBOX_TLS_KEY_FILE, or neither');
  return { cert: readFileSync(cert, 'utf8'), key: readFileSync(key, 'utf8') };
}

function parse(text: string, where: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Error(`${where} is not JSON: ${(error as Error).message}`);
  }
}

function configIn(given: unknown): SandboxConfig {
  const fields = new Fields(given, ['orgs', 'controlPort', 'host'], 'config');
  const orgs = fields.raw('orgs');
  if (!Array.isArray(orgs)) throw new Error('config.orgs must be a list');
  const read = orgs.map((org, index) => orgIn(org, `orgs[${index}]`));
  const names = new Set(read.map(({ org }) => org));
  if (names.size < read.length) throw new Error('config.orgs must have different names');
  return {
    host: fields.optionalText('host') ?? '127.0.0.1',
    controlPort: fields.optionalNumber('controlPort', 0) ?? 0,
    orgs: read,
  };
}
