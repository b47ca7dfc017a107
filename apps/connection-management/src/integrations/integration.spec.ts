import { describe, expect, it } from '@jest/globals';
import { minute } from '../domain/connection.fixtures.ts';
import { changed, newIntegration } from './integration.ts';

const made = newIntegration('acme-us', { name: 'prometheus-eu', kind: 'alertmanager' }, minute(0));

describe('an integration', () => {
  it('is newer than a former one of its name, however often that was changed', () => {
    let former = made;
    for (const repeatHours of [1, 2, 3]) former = changed(former, { repeatHours }, minute(1));
    expect(former.version).toBe(made.version + 3);
    const later = newIntegration('acme-us', { name: 'prometheus-eu', kind: 'grafana' }, minute(2));
    expect(later.version).toBeGreaterThan(former.version);
  });

  it('is the same if a change makes no difference, in whatever order the database has the members of its severities', () => {
    const severities = [{ priority: 'P1', severity: 'page' }] as const;
    const stored = changed(made, { severities }, minute(1));
    const again = { defaultHandle: null, severities: [{ severity: 'page', priority: 'P1' }] as const };
    expect(changed(stored, again, minute(2))).toBe(stored);
    expect(changed(stored, { severities: [] }, minute(2))).toMatchObject({ severities: [], updatedAt: minute(2) });
  });
});
