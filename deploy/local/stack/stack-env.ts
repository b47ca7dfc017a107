import type { StackInfo } from './stack-info.ts';

/**
 * Returns the lines of `stack.env`, with which `. .local/stack.env` sets the addresses of a running stack in a shell.
 *
 * Nothing is exported: programs find the stack on their own, and the next `npm start` or `npm test` must not take its Kafka.
 */
export function stackEnv({ brokers, databaseUrl, services, management, destinations }: StackInfo): string {
  const database = new URL(databaseUrl);
  const addresses: readonly (readonly [string, string])[] = [
    ['CONSOLE_URL', services.console],
    ['CONNECTION_MANAGEMENT_URL', services.connectionManagement],
    ['HANDLE_SYNC_URL', services.handleSync],
    ['PAGE_ROUTING_URL', services.pageRouting],
    ['ALERT_INTAKE_URL', services.alertIntake],
    ['PAGE_HISTORY_URL', services.pageHistory],
    ['CONSOLE_HEALTH_URL', management.console],
    ['CONNECTION_MANAGEMENT_HEALTH_URL', management.connectionManagement],
    ['HANDLE_SYNC_HEALTH_URL', management.handleSync],
    ['PAGE_ROUTING_HEALTH_URL', management.pageRouting],
    ['PAGE_DELIVERY_HEALTH_URL', management.pageDelivery],
    ['ALERT_INTAKE_HEALTH_URL', management.alertIntake],
    ['PAGE_HISTORY_HEALTH_URL', management.pageHistory],
    ['SANDBOX_CONTROL_URL', new URL(destinations[0]?.controlUrl ?? '').origin],
    ['BROKERS', brokers],
    ['DATABASE_HOST', database.hostname],
    ['DATABASE_PORT', database.port || '3306'],
  ];
  return addresses.map(([name, address]) => `${name}='${address}'\n`).join('');
}
