import { bodyShapes, type Fault, type FaultMatch, type FaultSwitch, faultKinds } from '../../domain/faults.ts';
import { Fields, invalid, present } from '../../fields.ts';

/** Reads the switches of a request body: a list, `{"faults": [...]}`, or a single switch. */
export function faultSwitches(body: unknown): FaultSwitch[] {
  const list = Array.isArray(body) ? body : ((body as { faults?: unknown } | null)?.faults ?? [body]);
  if (!Array.isArray(list)) throw invalid('faults must be a list');
  return list.map((item, index) => faultSwitch(item, `faults[${index}]`));
}

function faultSwitch(item: unknown, where: string): FaultSwitch {
  const fields = new Fields(item, ['match', 'times', 'fault'], where);
  const times = fields.optionalNumber('times', 1);
  const match = matchIn(fields.raw('match') ?? {}, `${where}.match`);
  return { match, fault: faultIn(fields.raw('fault'), `${where}.fault`), ...(times === undefined ? {} : { times }) };
}

function matchIn(item: unknown, where: string): FaultMatch {
  const fields = new Fields(item, ['method', 'path', 'listener', 'body'], where);
  return present({
    method: fields.optionalText('method'),
    path: fields.optionalText('path'),
    listener: fields.optionalOneOf('listener', ['api', 'paging'] as const),
    body: fields.optionalText('body'),
  });
}

const fieldsOf: Readonly<Record<Fault['kind'], readonly string[]>> = {
  error: ['kind', 'status', 'body', 'errors', 'contentType', 'headers'],
  'rate-limited': ['kind', 'resetSeconds'],
  redirect: ['kind', 'status', 'location'],
  html: ['kind'],
  latency: ['kind', 'ms'],
  hang: ['kind'],
  reset: ['kind'],
  'reset-after-accept': ['kind'],
  'malformed-json': ['kind'],
  empty: ['kind'],
  'huge-id': ['kind'],
};

function faultIn(item: unknown, where: string): Fault {
  const every = [...new Set(Object.values(fieldsOf).flat())];
  const kind = new Fields(item, every, where).oneOf('kind', faultKinds);
  const fields = new Fields(item, fieldsOf[kind], where);
  if (kind === 'error') return errorFault(fields, where);
  if (kind === 'rate-limited') return { kind, resetSeconds: fields.optionalNumber('resetSeconds', 0) ?? 1 };
  if (kind === 'latency') return { kind, ms: fields.number('ms', 0) };
  if (kind === 'redirect') return redirectFault(fields, where);
  return { kind };
}

function redirectFault(fields: Fields, where: string): Fault {
  const status = fields.optionalNumber('status', 300) ?? 307;
  if (status > 399) throw invalid(`${where}.status must be 300 to 399`);
  return { kind: 'redirect', status, location: fields.text('location') };
}

function errorFault(fields: Fields, where: string): Fault {
  const status = fields.number('status', 400);
  if (status > 599) throw invalid(`${where}.status must be 400 to 599`);
  return {
    kind: 'error',
    status,
    body: fields.optionalOneOf('body', bodyShapes) ?? 'string-array',
    ...present({
      errors: fields.optionalTexts('errors'),
      contentType: fields.optionalText('contentType'),
      headers: headersIn(fields.raw('headers'), where),
    }),
  };
}

function headersIn(value: unknown, where: string): Record<string, string> | undefined {
  if (value === undefined) return undefined;
  const isTexts =
    typeof value === 'object' && value !== null && Object.values(value).every((v) => typeof v === 'string');
  if (!isTexts) throw invalid(`${where}.headers must be an object of texts`);
  return value as Record<string, string>;
}
