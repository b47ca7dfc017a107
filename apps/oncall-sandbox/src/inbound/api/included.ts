import type { User } from '../../domain/access/users.ts';
import type { KnownCall } from '../route.ts';

/** The items, if the call asks to include them under this name. */
export const including = ({ query }: KnownCall, name: string, items: readonly object[]): readonly object[] =>
  query.getAll('include').some((list) => list.split(',').includes(name)) ? items : [];

/** A user as On-Call answers include it. */
export const responderResource = (user: User) => ({
  id: user.id,
  type: 'users',
  attributes: { email: user.email, name: user.name, status: user.disabled ? 'deactivated' : 'active' },
});
