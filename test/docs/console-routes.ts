/** An OpenAPI document, as far as the gateway of the console needs it. */
interface OpenApi {
  readonly paths: Readonly<Record<string, Readonly<Record<string, { readonly 'x-permissions': readonly string[] }>>>>;
}

// Nobody reseals credentials in a browser, and alerting systems send alerts themselves: the console's gateway passes neither on.
const leftOut = ['credentials:reseal', 'alerts:write'];

/** Returns the module with the routes that the gateway of the console passes on, from the documents of the services. */
export function consoleRoutes(openApi: readonly (readonly [service: string, document: string])[]): string {
  const rows = openApi.flatMap(([service, document]) =>
    Object.entries((JSON.parse(document) as OpenApi).paths).flatMap(([path, operations]) => {
      const passed = Object.entries(operations).filter(
        ([, its]) => !its['x-permissions'].some((its) => leftOut.includes(its)),
      );
      const methods = passed.map(([method]) => `'${method.toUpperCase()}'`).join(', ');
      return methods === '' ? [] : [`  ['${path}', '${service}', [${methods}]],\n`];
    }),
  );
  return `${head}${rows.join('')}];\n`;
}

const head = `import type { Service } from '../services.ts';

/** The routes that the console may call: \`npm run generate\` writes them from docs/openapi. */
export const documentedRoutes: readonly (readonly [template: string, service: Service, methods: string[]])[] = [
`;
