import { NativeSelect } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { connectionsQuery } from '../connections/queries.ts';
import { FilterField } from '../look/list/filter-field.tsx';
import { fromWallTime, toWallTime } from '../look/time/wall-time.ts';
import { useZone, zoneName } from '../look/time/zone.ts';
import { spanIn, spans } from './range.ts';
import { stateFilters } from './words.ts';

const route = getRouteApi('/o/$org/alerts');
const any = { value: '', label: 'Any' };

/** What of the lists is asked for. Another filter leads to the first page. */
export function Filters() {
  const { org } = route.useParams();
  const filters = route.useSearch();
  const navigate = route.useNavigate();
  const [zone] = useZone();
  const { data } = useQuery(connectionsQuery(org));
  const connections = (data?.items ?? []).map(({ id, name }) => ({ value: id, label: name }));
  const isKnown = connections.some(({ value }) => value === filters.connection);
  const former = isKnown || !filters.connection ? [] : [{ value: filters.connection, label: 'deleted connection' }];
  const set = (name: keyof typeof filters, value = '') =>
    void navigate({ search: (old) => ({ ...old, [name]: value, after: undefined }), replace: true });
  const select = (
    name: 'state' | 'connection' | 'from',
    label: string,
    options: readonly { readonly value: string; readonly label: string }[],
    value = filters[name] ?? '',
  ) => (
    <NativeSelect
      label={label}
      data={[...options]}
      value={value}
      onChange={({ currentTarget }) => set(name, currentTarget.value)}
    />
  );
  const time = (name: 'from' | 'to', word: string) => (
    <FilterField
      type="datetime-local"
      label={`${word} (${zoneName(zone)})`}
      value={toWallTime(filters[name], zone)}
      onChange={(text) => set(name, fromWallTime(text, zone) ?? filters[name])}
    />
  );
  // With other filters, and for pages, texts of alerts are not searched.
  const isOfAll = !(filters.state ?? filters.handle ?? filters.connection) && filters.view !== 'pages';
  const span = spanIn(filters.from);
  const times = Object.entries(spans).map(([value, { words }]) => ({ value, label: words }));
  const aTime = { value: new Date(Date.now() - spans['24h'].ms).toISOString(), label: 'custom…' };
  return (
    <search className="row" style={{ alignItems: 'end' }}>
      {span ? select('from', 'Period', [...times, aTime], span) : time('from', 'From')}
      {(!span || filters.to) && time('to', 'Before')}
      {select('state', 'State', [any, ...stateFilters])}
      {select('connection', 'Connection', [any, ...connections, ...former])}
      <FilterField
        label={`${isOfAll ? 'Title, text or key' : 'Title or key'} (last 7 days)`}
        value={filters.q ?? ''}
        onChange={(text) => set('q', text.trim())}
      />
      {filters.handle && <code>{filters.handle}</code>}
      {Object.keys(filters).some((name) => name !== 'view' && name !== 'after') && (
        <Link
          from="/o/$org/alerts"
          to="/o/$org/alerts"
          search={({ view }) => ({ view })}
          activeOptions={{ exact: true }}
        >
          Clear filters
        </Link>
      )}
    </search>
  );
}
