/** Token of the RoutingMeter. */
export const ROUTING_METER = Symbol('RoutingMeter');
