/** Injection token of the RoutingMeter. */
export const ROUTING_METER = Symbol('RoutingMeter');
/** Injection token of the time for which an unknown handle waits, in milliseconds; 0: no handle waits. */
export const DEFERRED_PAGING_MS = Symbol('DeferredPagingMs');
/** Injection token of the GapOf. */
export const GAP_OF = Symbol('GapOf');
/** Injection token of the RoutingNotices. */
export const ROUTING_NOTICES = Symbol('RoutingNotices');
