import { NativeSelect } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { DataTable } from '../look/list/data-table.tsx';
import { FilterField } from '../look/list/filter-field.tsx';
import { PageLinks } from '../look/list/page-links.tsx';
import { Read } from '../look/notice/read.tsx';
import { fromWallTime, toWallTime } from '../look/time/wall-time.ts';
import { useZone, zoneName } from '../look/time/zone.ts';
import { Title } from '../look/title.tsx';
import { columns, Details } from './columns.tsx';
import { auditQuery } from './queries.ts';
import { actionWords } from './words.ts';

const route = getRouteApi('/o/$org/audit');

/** Who has changed what in an org, newest first. */
export function AuditScreen() {
  const { org } = route.useParams();
  const search = route.useSearch();
  const query = useQuery(auditQuery(org, search));
  return (
    <div className="stack">
      <Title text="Audit" query={query} />
      <Filters />
      <Read query={query} what="Audit" from="connection-management">
        {({ items, next }) => (
          <>
            {items.length === 0 && <p>No changes found.</p>}
            <DataTable
              label="Audit"
              columns={columns}
              rows={items}
              keyOf={({ id }) => id}
              below={(entry) => <Details entry={entry} />}
            />
            <PageLinks after={search.after} next={next} />
          </>
        )}
      </Read>
    </div>
  );
}

const actions = Object.entries(actionWords).map(([value, label]) => ({ value, label }));

/** Another filter leads to the first page. */
function Filters() {
  const filters = route.useSearch();
  const navigate = route.useNavigate();
  const [zone] = useZone();
  const set = (name: keyof typeof filters, value = '') =>
    void navigate({ search: (old) => ({ ...old, [name]: value, after: undefined }), replace: true });
  const time = (name: 'from' | 'to', word: string) => (
    <FilterField
      type="datetime-local"
      label={`${word} (${zoneName(zone)})`}
      value={toWallTime(filters[name], zone)}
      onChange={(text) => set(name, fromWallTime(text, zone) ?? filters[name])}
    />
  );
  const text = (name: 'actor' | 'target', label: string) => (
    <FilterField label={label} value={filters[name] ?? ''} onChange={(typed) => set(name, typed.trim())} />
  );
  return (
    <search className="row" style={{ alignItems: 'end' }}>
      <NativeSelect
        label="Action"
        data={[{ value: '', label: 'anything' }, ...actions]}
        value={filters.action ?? ''}
        onChange={({ currentTarget }) => set('action', currentTarget.value)}
      />
      {time('from', 'From')}
      {time('to', 'Before')}
      {text('actor', 'Caller (issuer#subject)')}
      {text('target', 'Target id')}
      <Link from="/o/$org/audit" to="/o/$org/audit" activeOptions={{ exact: true }}>
        All changes
      </Link>
    </search>
  );
}
