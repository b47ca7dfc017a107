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

/** Returns the document with only these components, and the dependencies among them. */
export function only(sbom: Sbom, keeps: (component: Component) => boolean): Sbom {
  const components = sbom.components.filter(keeps);
  const kept = new Set(components.map((component) => component['bom-ref']));
  const dependencies = sbom.dependencies
    .filter(({ ref }) => kept.has(ref))
    .map(({ ref, dependsOn }) => ({ ref, dependsOn: dependsOn.filter((other) => kept.has(other)) }));
  return { ...sbom, components, dependencies };
}
