import { join } from 'node:path';
import type { IContainer } from 'kubernetes-models/v1/Container';
import { type KubeObject, nameOf, objectsIn, podTemplateOf } from './kube-object.ts';
import { chart, template } from './render.ts';

/** What Helm says of the minimal values with these, as of `--set`. */
export const said = (...values: readonly string[]) =>
  template('--values', join(chart, 'ci/minimal-values.yaml'), ...values.flatMap((value) => ['--set', value]));

/** The objects of the minimal values with these. Throws an Error with what Helm refuses. */
export const rendered = (...values: readonly string[]): readonly KubeObject[] => {
  const { stdout, stderr } = said(...values);
  if (stderr) throw new Error(stderr);
  return objectsIn(stdout);
};

export const theOne = <T>(objects: readonly KubeObject[], kind: string, name: string): T =>
  objects.find((object) => nameOf(object) === `${kind}/${name}`) as unknown as T;

export const containerIn = (objects: readonly KubeObject[], deployment: string): IContainer | undefined =>
  podTemplateOf(theOne<KubeObject>(objects, 'Deployment', deployment))?.spec.containers[0];

export const variablesIn = (objects: readonly KubeObject[], deployment: string) =>
  Object.fromEntries(containerIn(objects, deployment)?.env?.map((each) => [each.name, each.value]) ?? []);

interface Peer {
  readonly podSelector?: { readonly matchLabels: Readonly<Record<string, string>> };
  readonly ipBlock?: { readonly cidr: string };
}
interface Rule {
  readonly ports: readonly { readonly port: number }[];
  readonly to?: readonly Peer[];
  readonly from?: readonly Peer[];
}

/** The rules of a policy: the ports, and whom each names, by component or address. */
export const rulesIn = (objects: readonly KubeObject[], direction: 'ingress' | 'egress', policy: string) =>
  theOne<{ spec: Record<typeof direction, readonly Rule[]> }>(objects, 'NetworkPolicy', policy).spec[direction].map(
    ({ ports, to, from }) => ({
      ports: ports.map(({ port }) => port),
      peers: (to ?? from)?.map(
        ({ podSelector, ipBlock }) => podSelector?.matchLabels['app.kubernetes.io/component'] ?? ipBlock?.cidr,
      ),
    }),
  );

/** The network policies that name an address. */
export const policiesThatName = (objects: readonly KubeObject[], address: string): readonly string[] =>
  objects.filter((object) => object.kind === 'NetworkPolicy' && JSON.stringify(object).includes(address)).map(nameOf);
