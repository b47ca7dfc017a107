import { join } from 'node:path';
import ts from 'typescript';
import { type KubeObject, nameOf } from './kube-object.ts';

/*
 * The types of `kubernetes-models` are made from the OpenAPI of Kubernetes and the CRDs of operators. An object that is written
 * out as a constant of its type is checked wholly by TypeScript: a wrong type, a missing field, and, at any depth, a field that
 * there is not, which API servers drop without a word. What no type says, as patterns and bounds, its validators know.
 */

/** What is wrong with these objects by the schemas of Kubernetes and of its operators, one line for each fault. */
export async function faultsOf(objects: readonly KubeObject[]): Promise<readonly string[]> {
  const typeFaults = faultsOfTypes(objects);
  if (typeFaults.length > 0) return typeFaults;
  return (await Promise.all(objects.map(faultsOfValues))).flat();
}

const packages: Readonly<Record<string, string>> = {
  'argoproj.io': '@kubernetes-models/argo-cd',
  'external-secrets.io': '@kubernetes-models/external-secrets',
  'gateway.networking.k8s.io': '@kubernetes-models/gateway-api',
  'helm.toolkit.fluxcd.io': '@kubernetes-models/flux-cd',
  'keda.sh': '@kubernetes-models/keda',
  'monitoring.coreos.com': '@kubernetes-models/prometheus-operator',
  'source.toolkit.fluxcd.io': '@kubernetes-models/flux-cd',
};
const strimzi = 'kafka.strimzi.io/v1';

function moduleOf({ apiVersion, kind }: KubeObject): string {
  if (apiVersion === strimzi) return './strimzi.ts';
  const [group = ''] = apiVersion.split('/');
  return `${packages[group] ?? 'kubernetes-models'}/${apiVersion}/${kind}`;
}

/** One line for each object, so that a line of a fault names its object. */
const sourceOf = (objects: readonly KubeObject[]): string =>
  objects
    .map(
      (object, line) =>
        `export const o${line}: import('${moduleOf(object)}').I${object.kind} = ${JSON.stringify(object)};`,
    )
    .join('\n');

const fileName = join(import.meta.dirname, 'rendered-objects.ts');
const options: ts.CompilerOptions = {
  strict: true,
  noEmit: true,
  skipLibCheck: true,
  types: [],
  lib: ['lib.es2024.d.ts'],
  target: ts.ScriptTarget.ES2024,
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
  allowImportingTsExtensions: true,
};

/** What was read of the models is kept from one check to the next. */
let former: ts.Program | undefined;

function faultsOfTypes(objects: readonly KubeObject[]): readonly string[] {
  const source = ts.createSourceFile(
    fileName,
    sourceOf(objects),
    { languageVersion: ts.ScriptTarget.ES2024, impliedNodeFormat: ts.ModuleKind.ESNext },
    true,
  );
  const host = ts.createCompilerHost(options);
  const { getSourceFile } = host;
  host.getSourceFile = (name, ...rest) => (name === fileName ? source : getSourceFile(name, ...rest));
  const program = ts.createProgram([fileName], options, host, former);
  former = program;
  const diagnostics = [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)];
  return diagnostics.map(({ start = 0, messageText }) => {
    const object = objects[source.getLineAndCharacterOfPosition(start).line] as KubeObject;
    return `${nameOf(object)}${pathTo(source, start)}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`;
  });
}

/** Where in its object a position stands, as `.spec.containers[0].image`. */
function pathTo(node: ts.Node, position: number): string {
  const step = ts.isPropertyAssignment(node) ? `.${node.name.getText().slice(1, -1)}` : '';
  const children: ts.Node[] = [];
  ts.forEachChild(node, (child) => void children.push(child));
  const index = children.findIndex((child) => child.getFullStart() <= position && position < child.end);
  const child = children[index];
  const item = ts.isArrayLiteralExpression(node) && child ? `[${index}]` : '';
  return `${step}${item}${child ? pathTo(child, position) : ''}`;
}

interface Model {
  readonly validate: () => void;
}

async function faultsOfValues(object: KubeObject): Promise<readonly string[]> {
  if (object.apiVersion === strimzi) return [];
  const models = (await import(moduleOf(object))) as Readonly<Record<string, new (object: KubeObject) => Model>>;
  const Kind = models[object.kind];
  if (Kind === undefined) throw new Error(`${moduleOf(object)} has no ${object.kind}`);
  try {
    new Kind(object).validate();
    return [];
  } catch (error) {
    return [`${nameOf(object)}: ${(error as Error).message}`];
  }
}
