import { CreateTables1764000000060 } from './1764000000060-create-tables.ts';

/** All migrations, in order. Add new ones at the end; never change a released one. */
export const migrations = [CreateTables1764000000060];
