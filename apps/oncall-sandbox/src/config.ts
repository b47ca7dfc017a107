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
  /** Of the hosts of the orgs, which then answer over TLS; the control API never does. */
  readonly certificate?: Certificate | undefined;
}

const demoOrgs = [
  { org: 'globex', dataCenter: 'EU1-SANDBOX', teams: ['core-infra', 'payments', { handle: 'design', onCall: false }] },
  { org: 'initech', dataCenter: 'AP1-SANDBOX', teams: ['database', 'network', 'core-platform'] },
];

/**
 * The configuration of `--config <file>` (JSON: `orgs`, `controlPort`, `host`) or, without it, of the environment.
 *
 * `SANDBOX_ORGS` is a JSON list of orgs, default two for a demonstration, `[]` for none until the control API makes one; `SANDBOX_CONTROL_PORT` default 0, chosen by
 * the system; `SANDBOX_HOST` default 127.0.0.1. With `SANDBOX_TLS_CERT_FILE` and `SANDBOX_TLS_KEY_FILE` the orgs answer over TLS. Throws
 * an Error whose message names what is wrong.
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
  if (!cert || !key) throw new Error('SANDBOX_TLS_CERT_FILE and SANDBOX_TLS_KEY_FILE need each other');
  return { cert: readFileSync(cert, 'utf8'), key: readFileSync(key, 'utf8') };
}

function parse(text: string, where: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Error(`${where} is no JSON: ${(error as Error).message}`);
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
