/** Token of the RoutingMeter. */
export const ROUTING_METER = Symbol('RoutingMeter');
/** Token of how long a handle waits, in milliseconds; 0: not at all. */
export const LATE_BINDING_MS = Symbol('LateBindingMs');
/** Token of the RoutingNotices. */
export const ROUTING_NOTICES = Symbol('RoutingNotices');
