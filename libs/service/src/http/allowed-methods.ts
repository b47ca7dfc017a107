import type { Request } from 'express';

interface Layer {
  readonly route?: { readonly methods: Readonly<Record<string, boolean>> };
  match(path: string): boolean;
}

/** The methods of the routes at the path of this request. */
export function allowedMethods({ app, path }: Request): string[] {
  const { stack } = app.router as unknown as { readonly stack: readonly Layer[] };
  const methods = stack.flatMap((layer) => {
    const its = Object.keys(layer.route?.methods ?? {});
    // A controller's route takes one method; Nest registers its middleware as a route that takes every method.
    return its.length === 1 && layer.match(path) ? its : [];
  });
  // Express answers HEAD wherever it answers GET.
  const all = new Set([...methods, ...(methods.includes('get') ? ['head'] : [])]);
  return [...all].map((method) => method.toUpperCase()).toSorted();
}
