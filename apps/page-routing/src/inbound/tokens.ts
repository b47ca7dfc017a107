/** Token of the RoutingMeter. */
export const ROUTING_METER = Symbol('RoutingMeter');
/** Token of the RoutingNotices. */
export const ROUTING_NOTICES = Symbol('RoutingNotices');
