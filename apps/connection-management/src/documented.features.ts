interface OpenApi {
  readonly paths: Readonly<Record<string, Readonly<Record<string, { readonly responses: object }>>>>;
}

/** Knows of each route which statuses its OpenAPI document names. */
export class DocumentedStatuses {
  private readonly routes: readonly { readonly form: RegExp; readonly methods: OpenApi['paths'][string] }[];

  /** As the service serves it. */
  static async of(url: string): Promise<DocumentedStatuses> {
    return new DocumentedStatuses((await (await fetch(`${url}/openapi.json`)).json()) as OpenApi);
  }

  private constructor({ paths }: OpenApi) {
    this.routes = Object.entries(paths).map(([path, methods]) => ({
      form: new RegExp(`^${path.replaceAll(/\{\w+\}/g, '[^/?]+')}(?:\\?.*)?$`),
      methods,
    }));
  }

  /** Throws where a caller could not have known. What is no route is not looked at. */
  expect(method: string, path: string, status: number): void {
    const responses = this.routes.find(({ form }) => form.test(path))?.methods[method.toLowerCase()]?.responses;
    if (responses && !(status in responses))
      throw new Error(`${method} ${path} answers ${status}, which its OpenAPI document does not name`);
  }
}
