/** Who did something: the subject of `<issuer>#<subject>`; the title is the whole. */
export const Actor = ({ actor }: { readonly actor: string }) => (
  <span title={actor}>{actor.slice(actor.lastIndexOf('#') + 1)}</span>
);
