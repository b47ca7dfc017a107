interface Problem {
  readonly schema: {
    readonly allOf: readonly { readonly properties?: { readonly code: { readonly enum: string[] } } }[];
  };
}

interface OpenApi {
  readonly paths: Readonly<Record<string, Readonly<Record<string, { readonly responses: Responses }>>>>;
  readonly components: { readonly schemas: { readonly ProblemAnswer: { readonly properties: object } } };
}

type Responses = Readonly<Record<string, { readonly content?: Readonly<Record<string, Problem>> }>>;

/** The statuses and codes that the OpenAPI document names for each route, and the members of a problem. */
export class DocumentedAnswers {
  private readonly routes: readonly { readonly form: RegExp; readonly methods: OpenApi['paths'][string] }[];
  private readonly members: object;

  /** The document as the service serves it. */
  static async of(url: string): Promise<DocumentedAnswers> {
    return new DocumentedAnswers((await (await fetch(`${url}/openapi.json`)).json()) as OpenApi);
  }

  private constructor({ paths, components }: OpenApi) {
    this.routes = Object.entries(paths).map(([path, methods]) => ({
      form: new RegExp(`^${path.replaceAll(/\{\w+\}/g, '[^/?]+')}(?:\\?.*)?$`),
      methods,
    }));
    this.members = components.schemas.ProblemAnswer.properties;
  }

  /** Throws if the document does not name the status, or the code or a member of a problem. Ignores paths that are not routes. */
  expect(method: string, path: string, status: number, body: { readonly code?: unknown }): void {
    const responses = this.routes.find(({ form }) => form.test(path))?.methods[method.toLowerCase()]?.responses;
    if (!responses) return;
    const unnamed = status < 400 ? [] : Object.keys(body).filter((member) => !(member in this.members));
    const isNamed = status < 400 ? status in responses : codesOf(responses, status).includes(String(body.code));
    if (isNamed && unnamed.length === 0) return;
    const what = unnamed.length === 0 ? body.code : ` with ${unnamed.join(', ')}`;
    throw new Error(`${method} ${path} answers ${status} ${what}, which its OpenAPI document does not name`);
  }
}

const codesOf = (responses: Responses, status: number): string[] =>
  responses[status]?.content?.['application/problem+json']?.schema.allOf.flatMap(
    ({ properties }) => properties?.code.enum ?? [],
  ) ?? [];
