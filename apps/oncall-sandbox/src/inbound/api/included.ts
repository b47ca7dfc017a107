import type { User } from '../../domain/access/users.ts';
import type { KnownCall } from '../route.ts';

/** Returns the items if the query includes them under this name. */
export const including = ({ query }: KnownCall, name: string, items: readonly object[]): readonly object[] =>
  query.getAll('include').some((list) => list.split(',').includes(name)) ? items : [];

/** Returns a user as On-Call includes it in its answers. */
export const responderResource = (user: User) => ({
  id: user.id,
  type: 'users',
  attributes: { email: user.email, name: user.name, status: user.disabled ? 'deactivated' : 'active' },
});
