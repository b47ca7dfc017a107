import { CreateTables1764000000060 } from './1764000000060-create-tables.ts';
import { IndexAudit1764000000070 } from './1764000000070-index-audit.ts';
import { AddIntegrations1764000000080 } from './1764000000080-add-integrations.ts';
import { AddRefusals1764000000090 } from './1764000000090-add-refusals.ts';
import { AddShares1764000000100 } from './1764000000100-add-shares.ts';
import { AddWithoutHandle1764000000110 } from './1764000000110-add-without-handle.ts';

/** All migrations, in order. Add new ones at the end; never change a released one. */
export const migrations = [
  CreateTables1764000000060,
  IndexAudit1764000000070,
  AddIntegrations1764000000080,
  AddRefusals1764000000090,
  AddShares1764000000100,
  AddWithoutHandle1764000000110,
];
