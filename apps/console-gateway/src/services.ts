import type { ConsoleGatewayConfig } from './config.ts';

/** The services behind the console. One that any of them could answer is asked in this order: the first needs least to run. */
export const services = [
  'page-routing',
  'handle-sync',
  'connection-management',
  'page-history',
  'alert-intake',
] as const;
export type Service = (typeof services)[number];

/** Returns the origin of each service; undefined: the installation has none. */
export const originsOf = (config: ConsoleGatewayConfig): Readonly<Record<Service, string | undefined>> => ({
  'page-routing': config.PAGE_ROUTING_URL,
  'handle-sync': config.HANDLE_SYNC_URL,
  'connection-management': config.CONNECTION_MANAGEMENT_URL,
  'page-history': config.PAGE_HISTORY_URL,
  'alert-intake': config.ALERT_INTAKE_URL,
});
