import type { ConsoleGatewayConfig } from './config.ts';

/** The services behind the console. One that any of them could answer is asked in this order: the first needs least to run. */
export const services = ['page-routing', 'handle-sync', 'connection-management'] as const;
export type Service = (typeof services)[number];

export const originsOf = (config: ConsoleGatewayConfig): Readonly<Record<Service, string>> => ({
  'page-routing': config.PAGE_ROUTING_URL,
  'handle-sync': config.HANDLE_SYNC_URL,
  'connection-management': config.CONNECTION_MANAGEMENT_URL,
});
