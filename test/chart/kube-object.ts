import { parseAllDocuments } from 'yaml';

/** One object for Kubernetes, as it stands in YAML. */
export interface KubeObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly [field: string]: unknown;
}

/** The objects of a stream of YAML documents, read as Kubernetes does: 0440 is octal, `on` is true, a key that stands twice an error. */
export function objectsIn(yaml: string): readonly KubeObject[] {
  return parseAllDocuments(yaml, { version: '1.1' })
    .map((document) => {
      for (const error of document.errors) throw error;
      return document.toJS() as KubeObject | null;
    })
    .filter((object) => object !== null);
}

export const nameOf = ({ kind, metadata }: KubeObject): string => `${kind}/${metadata?.name}`;
