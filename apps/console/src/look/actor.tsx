/** Who did something: the subject of `<issuer>#<subject>`, which may have a `#` of its own; the title is the whole. */
export const Actor = ({ actor }: { readonly actor: string }) => (
  <span title={actor}>{actor.slice(actor.indexOf('#') + 1)}</span>
);
