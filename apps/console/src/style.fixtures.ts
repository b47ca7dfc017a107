/** What stands in the place of a stylesheet: each class by its own name. */
export default new Proxy({}, { get: (_styles, name) => name });
