import fc from 'fast-check';
import { Type } from 'typebox';
import { ConfigError, commonConfig, loadConfig, portConfig } from '../../../libs/service/src/config.ts';
import { dataCenterCatalogue, dataCentersConfig } from '../../../libs/service/src/data-center-catalogue.ts';
import { anyJson, spoiled, textOf } from '../json.ts';
import { promise, type Target, target } from '../target.ts';

const schema = Type.Object({ ...commonConfig, ...dataCentersConfig, PORT: portConfig(3000) });
const names = Object.keys(schema.properties);

const origin = 'https://a.example';
const dataCenters = spoiled(
  fc.constant([{ name: 'A1', site: 'a', location: 'here', apiUrl: origin, pagingUrl: origin }]),
).map(textOf);
const value = fc.oneof(
  fc.constantFrom('', ' ', '0', '-1', '1e9', '0x10', 'NaN', 'info', 'a:1', 'a:1,b:2', 'true', '/etc', '/nowhere'),
  fc.string({ unit: 'binary' }),
  anyJson.map(textOf),
  dataCenters,
);
const environment = fc.dictionary(fc.constantFrom(...names, ...names.map((name) => `${name}_FILE`)), value);

export const configTargets = (): Target[] => [
  target('configuration', environment, (drawn) => {
    try {
      dataCenterCatalogue(loadConfig(schema, drawn));
    } catch (error) {
      promise(error instanceof ConfigError, `not refused as a usage error: ${(error as Error).stack}`);
    }
  }),
];
