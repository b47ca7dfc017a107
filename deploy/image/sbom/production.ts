/** A component of a CycloneDX document, as far as it is looked at here. */
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
 * The document without what only development needs.
 *
 * npm's own `--omit dev` leaves out too much: each package that development needs as well.
 */
export function inProduction(sbom: Sbom): Sbom {
  const { components, dependencies } = only(
    sbom,
    ({ properties = [] }) => !properties.some(({ name }) => name === development),
  );
  // npm names it by the folder that it lies in.
  const component = { ...sbom.metadata.component, name: 'pagebridge' };
  return { ...sbom, metadata: { ...sbom.metadata, component }, components, dependencies };
}

/** The document with these components alone, and what they depend on of each other. */
export function only(sbom: Sbom, keeps: (component: Component) => boolean): Sbom {
  const components = sbom.components.filter(keeps);
  const kept = new Set(components.map((component) => component['bom-ref']));
  const dependencies = sbom.dependencies
    .filter(({ ref }) => kept.has(ref))
    .map(({ ref, dependsOn }) => ({ ref, dependsOn: dependsOn.filter((other) => kept.has(other)) }));
  return { ...sbom, components, dependencies };
}
