/** What leaves the page: a component test cannot follow it, and puts something else in its place. */
export const browser = {
  go: (address: string): void => window.location.assign(address),
  reload: (): void => window.location.reload(),
  open: (address: string): void => void window.open(address, '_blank'),
};
