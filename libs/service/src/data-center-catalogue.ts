import { type DataCenter, dataCenterNamePattern, datadogDataCenters } from '@pagebridge/vocabulary';
import { Ajv } from 'ajv';
import { type Static, Type } from 'typebox';
import { ConfigError } from './config.ts';

/** The variable that adds data centers to those of Datadog, or replaces one of the same name. */
export const dataCentersConfig = {
  DATA_CENTERS: Type.String({
    default: '[]',
    description: 'JSON array of additional data centers: {name, site, location, apiUrl, pagingUrl}.',
  }),
};

// Credentials are sent to these origins, so http is allowed only on this machine, for example for the sandbox.
const origin = Type.String({
  pattern: '^(https://[^/?#@\\s]+|http://(localhost|127(\\.\\d{1,3}){3}|\\[::1\\])(:\\d{1,5})?)$',
});
const schema = Type.Array(
  Type.Object(
    {
      name: Type.String({ pattern: dataCenterNamePattern }),
      site: Type.String({ minLength: 1 }),
      location: Type.String({ minLength: 1 }),
      apiUrl: origin,
      pagingUrl: origin,
    },
    { additionalProperties: false },
  ),
);

export type DataCenterCatalogue = ReadonlyMap<string, DataCenter>;

/** Returns the data centers of destinations by name: credentials are sent to their hosts only. Throws ConfigError. */
export function dataCenterCatalogue(config: { readonly DATA_CENTERS: string }): DataCenterCatalogue {
  const added = parse(config.DATA_CENTERS);
  return new Map([...datadogDataCenters, ...added].map((dataCenter) => [dataCenter.name, dataCenter]));
}

function parse(json: string): Static<typeof schema> {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    throw new ConfigError('bad configuration: DATA_CENTERS is not JSON');
  }
  const ajv = new Ajv({ allErrors: true });
  if (ajv.validate<Static<typeof schema>>(schema, value)) return value;
  const isUrl = ajv.errors?.some(({ instancePath, keyword }) => keyword === 'pattern' && instancePath.endsWith('Url'));
  const cure = isUrl ? ': an https origin, or http on a loopback address' : '';
  throw new ConfigError(`bad configuration: ${ajv.errorsText(ajv.errors, { dataVar: 'DATA_CENTERS' })}${cure}`);
}
