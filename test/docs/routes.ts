/** An OpenAPI document, as far as a table of its routes shows it. */
interface OpenApi {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

interface Operation {
  readonly summary: string;
  readonly parameters: readonly { readonly name: string; readonly in: string }[];
  readonly 'x-permissions': readonly string[];
}

/** The document with a table of routes between the marks of each service; throws where a mark names none. */
export function withRoutes(document: string, openApiOf: ReadonlyMap<string, string>): string {
  return document.replace(/<!-- routes:(\S+) -->[\s\S]*?<!-- end -->/g, (_, service: string) => {
    const openApi = openApiOf.get(service);
    if (openApi === undefined) throw new Error(`no routes of a service named ${service}`);
    return `<!-- routes:${service} -->\n\n${tableOf(JSON.parse(openApi))}\n\n<!-- end -->`;
  });
}

function tableOf({ paths }: OpenApi): string {
  const rows = Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, operation]) => rowOf(method, path, operation)),
  );
  const head = ['route', 'needs', 'what it does'];
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

function rowOf(method: string, path: string, { summary, parameters, ...rest }: Operation): string[] {
  const asked = parameters.filter((parameter) => parameter.in === 'query').map(({ name }) => `${name}=`);
  const route = asked.length === 0 ? path : `${path}?${asked.join('&')}`;
  return [
    `\`${method.toUpperCase()} ${route}\``,
    rest['x-permissions'].map((name) => `\`${name}\``).join(' ') || 'a valid token',
    summary,
  ];
}
