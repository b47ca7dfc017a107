/** The name of this service's folder, container and consumer group. */
export const service = 'page-delivery';
/** The CloudEvents source of this service's events. */
export const source = `/pagebridge/${service}`;
