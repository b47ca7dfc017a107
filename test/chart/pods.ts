import type { IPodSpec } from 'kubernetes-models/v1/PodSpec';
import type { KubeObject } from './kube-object.ts';

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
