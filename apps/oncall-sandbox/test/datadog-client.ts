import { client, logger, v2 } from '@datadog/datadog-api-client';
import type { RunningSandbox } from './running-sandbox.ts';

export interface Keys {
  readonly apiKey: string;
  readonly applicationKey: string;
}

/** The configurations of the real client for the two hosts of an org. */
export interface Pointed {
  readonly api: client.Configuration;
  readonly paging: client.Configuration;
}

const pagingOperations = ['createOnCallPage', 'acknowledgeOnCallPage', 'escalateOnCallPage', 'resolveOnCallPage'];

// The client logs the errors that it also throws.
logger.disableAll();

export const authMethods = ({ apiKey, applicationKey }: Keys) => ({ apiKeyAuth: apiKey, appKeyAuth: applicationKey });

/** Returns one configuration for both hosts: server index 1, and the paging host set for each paging operation. */
function oneConfiguration({ globex }: RunningSandbox, keys: Keys): Pointed {
  const configuration = client.createConfiguration({ serverIndex: 1, authMethods: authMethods(keys) });
  configuration.setServerVariables({ protocol: 'http', name: new URL(globex.apiUrl).host });
  const paging = { protocol: 'http', name: new URL(globex.pagingUrl).host };
  for (const operation of pagingOperations)
    configuration.operationServers[`v2.OnCallPagingApi.${operation}`]?.[1]?.setVariables(paging as never);
  return { api: configuration, paging: configuration };
}

/** Returns a configuration for each host, with its own base server. */
function twoConfigurations({ globex }: RunningSandbox, keys: Keys): Pointed {
  return { api: configurationAt(globex.apiUrl, keys), paging: configurationAt(globex.pagingUrl, keys) };
}

export const configurationAt = (url: string, keys: Keys): client.Configuration =>
  client.createConfiguration({
    baseServer: new client.BaseServerConfiguration(url, {}),
    authMethods: authMethods(keys),
  });

/** Both ways to configure two hosts in the client. */
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

/** An error of the client: the status, and the body as the client prints it. */
export async function refusal(call: Promise<unknown>): Promise<{ code: number; body: string }> {
  try {
    await call;
  } catch (error) {
    const { code, body } = error as client.ApiException<unknown>;
    return { code, body: typeof body === 'string' ? body : JSON.stringify(body) };
  }
  throw new Error('expected the call to be refused');
}
