import type { IPodSpec } from 'kubernetes-models/v1/PodSpec';
import { parseAllDocuments } from 'yaml';

export interface PodTemplate {
  readonly metadata: { readonly labels: Readonly<Record<string, string>> };
  readonly spec: IPodSpec;
}

/** The template of the pods of a Deployment or Job; for a Pod, itself; undefined for what runs nothing. */
export function podTemplateOf(object: KubeObject): PodTemplate | undefined {
  if (object.kind === 'Pod') return object as unknown as PodTemplate;
  const spec = object.spec as { readonly template?: PodTemplate } | undefined;
  return ['Deployment', 'Job'].includes(object.kind) ? spec?.template : undefined;
}

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
