/** Token of the data-center catalogue. */
export const DATA_CENTERS = Symbol('DataCenters');
/** Token of the store. */
export const STORE = Symbol('Store');
