interface OpenApi {
  readonly paths: Readonly<Record<string, Readonly<Record<string, { readonly responses: object }>>>>;
}

/** The statuses that the OpenAPI document names for each route. */
export class DocumentedStatuses {
  private readonly routes: readonly { readonly form: RegExp; readonly methods: OpenApi['paths'][string] }[];

  /** The document as the service serves it. */
  static async of(url: string): Promise<DocumentedStatuses> {
    return new DocumentedStatuses((await (await fetch(`${url}/openapi.json`)).json()) as OpenApi);
  }

  private constructor({ paths }: OpenApi) {
    this.routes = Object.entries(paths).map(([path, methods]) => ({
      form: new RegExp(`^${path.replaceAll(/\{\w+\}/g, '[^/?]+')}(?:\\?.*)?$`),
      methods,
    }));
  }

  /** Throws if the document does not name the status. Ignores paths that are not routes. */
  expect(method: string, path: string, status: number): void {
    const responses = this.routes.find(({ form }) => form.test(path))?.methods[method.toLowerCase()]?.responses;
    if (responses && !(status in responses))
      throw new Error(`${method} ${path} answers ${status}, which its OpenAPI document does not name`);
  }
}
