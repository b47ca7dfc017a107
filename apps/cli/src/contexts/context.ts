import { requirePrivate, UsageError, urlComplaint } from '@pagebridge/process';
import { orgIdPattern } from '@pagebridge/vocabulary';
import { readWithin } from './private-file.ts';

/** The services that commands call, each with the variable that has its address where no context is chosen. */
export const services = {
  'connection-management': 'CONNECTION_MANAGEMENT_URL',
  'handle-sync': 'HANDLE_SYNC_URL',
  'page-routing': 'PAGE_ROUTING_URL',
  'alert-intake': 'ALERT_INTAKE_URL',
  'page-history': 'PAGE_HISTORY_URL',
} as const;
export type ServiceName = keyof typeof services;

const maxBytes = 1024 * 1024;

interface Field {
  readonly value: string;
  readonly does: string;
  /** Returns what is wrong with a value. */
  readonly complaint?: (text: string) => string | undefined;
}

const urlOf = (service: string): Field => ({
  value: 'url',
  does: `address of ${service}`,
  complaint: addressComplaint,
});

/** What a context may have: its fields in the file, and the options of `contexts set`. */
export const fields = {
  url: { ...urlOf('all services'), does: 'default address of all services' },
  'connection-management': urlOf('connection-management'),
  'handle-sync': urlOf('handle-sync'),
  'page-routing': urlOf('page-routing'),
  'alert-intake': urlOf('alert-intake'),
  'page-history': urlOf('page-history'),
  brokers: { value: 'host:port,…', does: 'Kafka brokers for --kafka' },
  org: { value: 'org', does: 'default source org', complaint: orgComplaint },
  issuer: { value: 'url', does: 'OpenID provider for login', complaint: urlComplaint },
  'client-id': { value: 'id', does: 'client id of this program at the OpenID provider' },
  scopes: { value: 'scopes', does: 'OAuth scopes to request; default: openid offline_access' },
  resource: { value: 'uri', does: 'resource of the token, if the provider requires it (RFC 8707)' },
  audience: { value: 'text', does: 'audience of the token, if the provider requires it' },
  'ca-file': { value: 'file', does: 'additional CA certificates as PEM', complaint: fileComplaint },
  'token-command': { value: 'command', does: 'shell command that prints a token, instead of a login' },
} as const satisfies Readonly<Record<string, Field>>;

/** An installation of Pagebridge, and how to call it. */
export type Context = { readonly [field in keyof typeof fields]?: string };

/** Returns a context from a file or from options. Throws UsageError that names the field. */
export function contextOf(where: string, values: unknown): Context {
  if (typeof values !== 'object' || values === null) throw new UsageError(`${where}: not an object`);
  for (const [name, value] of Object.entries(values)) {
    const field = Object.entries<Field>(fields).find(([known]) => known === name)?.[1];
    if (!field) throw new UsageError(`${where}: unknown field ${name}\nhint: use ${Object.keys(fields).join(', ')}`);
    const complaint = typeof value === 'string' ? field.complaint?.(value) : 'must be text';
    if (complaint) throw new UsageError(`${where}: ${name} ${complaint}`);
  }
  return values as Context;
}

function addressComplaint(text: string): string | undefined {
  if (!/^https?:\/\/[^\s?#@]+$/.test(text) || !URL.canParse(text)) return 'must be an http:// or https:// URL';
  try {
    requirePrivate(text);
    return undefined;
  } catch (error) {
    return `is not allowed: ${(error as Error).message}`;
  }
}

function orgComplaint(text: string): string | undefined {
  return new RegExp(orgIdPattern).test(text) ? undefined : 'must be a source org id such as acme-us';
}

function fileComplaint(path: string): string | undefined {
  const hasOne = readWithin(maxBytes, path)?.includes('-----BEGIN CERTIFICATE-----');
  return hasOne ? undefined : `${path} contains no PEM certificate`;
}
