import type { Request } from 'express';

interface Layer {
  readonly route?: { readonly methods: Readonly<Record<string, boolean>> };
  match(path: string): boolean;
}

/** Returns the methods of the routes at the path of this request. */
export function allowedMethods({ app, path }: Request): string[] {
  const { stack } = app.router as unknown as { readonly stack: readonly Layer[] };
  const methods = stack.flatMap((layer) => {
    const methodsOfRoute = Object.keys(layer.route?.methods ?? {});
    // The route of a controller has one method; Nest registers middleware as a route with all methods.
    return methodsOfRoute.length === 1 && layer.match(path) ? methodsOfRoute : [];
  });
  // Express answers HEAD on every GET route.
  const all = new Set([...methods, ...(methods.includes('get') ? ['head'] : [])]);
  return [...all].map((method) => method.toUpperCase()).toSorted();
}
