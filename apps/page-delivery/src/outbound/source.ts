/** What this service's events name as their CloudEvents source. */
export const source = '/pagebridge/page-delivery';
