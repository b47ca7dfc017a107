/** The used fields of a component of a CycloneDX document. */
interface Component {
  readonly 'bom-ref': string;
  readonly name: string;
  readonly purl: string;
  readonly scope: 'required' | 'optional';
  readonly properties?: readonly { readonly name: string; readonly value: string }[];
}

/** A CycloneDX document, as npm prints it. */
export interface Sbom {
  readonly metadata: { readonly component: Component };
  readonly components: readonly Component[];
  readonly dependencies: readonly { readonly ref: string; readonly dependsOn: readonly string[] }[];
}

const development = 'cdx:npm:package:development';

/**
 * Returns the document without packages that only development needs.
 *
 * `npm sbom --omit dev` omits too much: also every package that both production and development need.
 */
export function inProduction(sbom: Sbom): Sbom {
  const { components, dependencies } = only(
    sbom,
    ({ properties = [] }) => !properties.some(({ name }) => name === development),
  );
  // npm names the root after its folder.
  const component = { ...sbom.metadata.component, name: 'pagebridge' };
  return { ...sbom, metadata: { ...sbom.metadata, component }, components, dependencies };
}

/** Returns the purl of a package, such as `@pagebridge/console`, and of each that it needs, in whatever depth. */
export function neededBy({ components, dependencies }: Sbom, name: string): ReadonlySet<string> {
  // Its types are optional peers of others.
  const required = components.filter(({ scope }) => scope === 'required');
  const isOfPackage = (ref: string) => ref.startsWith(`${name}@`);
  const refs = new Set(required.map((component) => component['bom-ref']).filter(isOfPackage));
  // A Set also yields what is added to it meanwhile.
  for (const ref of refs) {
    for (const other of dependencies.find((each) => each.ref === ref)?.dependsOn ?? []) refs.add(other);
  }
  return new Set(required.filter((component) => refs.has(component['bom-ref'])).map(({ purl }) => purl));
}

/** Returns the document with only these components, and the dependencies among them. */
export function only(sbom: Sbom, keeps: (component: Component) => boolean): Sbom {
  const components = sbom.components.filter(keeps);
  const kept = new Set(components.map((component) => component['bom-ref']));
  const dependencies = sbom.dependencies
    .filter(({ ref }) => kept.has(ref))
    .map(({ ref, dependsOn }) => ({ ref, dependsOn: dependsOn.filter((other) => kept.has(other)) }));
  return { ...sbom, components, dependencies };
}
