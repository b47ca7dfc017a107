/** The folder, container and consumer group of this service. */
export const service = 'page-delivery';
/** What this service's events name as their CloudEvents source. */
export const source = `/pagebridge/${service}`;
