import { client, logger, v2 } from '@datadog/datadog-api-client';
import type { RunningSandbox } from './running-sandbox.ts';

export interface Keys {
  readonly apiKey: string;
  readonly applicationKey: string;
}

/** The real client's configurations for the two hosts of an org. */
export interface Pointed {
  readonly api: client.Configuration;
  readonly paging: client.Configuration;
}

const pagingOperations = ['createOnCallPage', 'acknowledgeOnCallPage', 'escalateOnCallPage', 'resolveOnCallPage'];

// The client prints what it also throws.
logger.disableAll();

export const authMethods = ({ apiKey, applicationKey }: Keys) => ({ apiKeyAuth: apiKey, appKeyAuth: applicationKey });

/** One configuration for both hosts: server index 1, and the paging host apart for each paging operation. */
function oneConfiguration({ globex }: RunningSandbox, keys: Keys): Pointed {
  const configuration = client.createConfiguration({ serverIndex: 1, authMethods: authMethods(keys) });
  configuration.setServerVariables({ protocol: 'http', name: new URL(globex.apiUrl).host });
  const paging = { protocol: 'http', name: new URL(globex.pagingUrl).host };
  for (const operation of pagingOperations)
    configuration.operationServers[`v2.OnCallPagingApi.${operation}`]?.[1]?.setVariables(paging as never);
  return { api: configuration, paging: configuration };
}

/** A configuration for each host, with a base server each. */
function twoConfigurations({ globex }: RunningSandbox, keys: Keys): Pointed {
  return { api: configurationAt(globex.apiUrl, keys), paging: configurationAt(globex.pagingUrl, keys) };
}

export const configurationAt = (url: string, keys: Keys): client.Configuration =>
  client.createConfiguration({
    baseServer: new client.BaseServerConfiguration(url, {}),
    authMethods: authMethods(keys),
  });

/** Both ways to give the client two hosts. */
export const pointings = [
  ['one configuration with operation servers', oneConfiguration],
  ['two configurations with base servers', twoConfigurations],
] as const;

export const pageTo = (
  type: v2.OnCallPageTargetType,
  identifier: string,
): v2.OnCallPagingApiCreateOnCallPageRequest => ({
  body: {
    data: {
      type: 'pages',
      attributes: {
        title: 'High memory usage',
        description: 'Details',
        urgency: 'high',
        tags: ['service:web'],
        target: { type, identifier },
      },
    },
  },
});

/** What the client throws: the status, and the body as the client shows it. */
export async function refusal(call: Promise<unknown>): Promise<{ code: number; body: string }> {
  try {
    await call;
  } catch (error) {
    const { code, body } = error as client.ApiException<unknown>;
    return { code, body: typeof body === 'string' ? body : JSON.stringify(body) };
  }
  throw new Error('expected the call to be refused');
}
