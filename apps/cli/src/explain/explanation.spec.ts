import { describe, expect, it } from '@jest/globals';
import { type Explanation, notPaged, textOfExplanation } from './explanation.ts';

const explanation: Explanation = {
  alert: 'acme-us/monitor-1',
  decisions: [
    {
      ...{ kind: 'page', mention: 'core', matched: 'renamed', urgency: 'low', team: { teamHandle: 'core-infra' } },
      connection: { name: 'Globex EU', slug: 'globex' },
      contenders: [
        { connectionName: 'Globex EU', teamHandle: 'core-infra', qualifiedHandle: '@oncall-globex/core', paged: true },
        { connectionName: 'Initech', teamHandle: 'core', qualifiedHandle: '@oncall-initech/core', paged: false },
      ],
      why: 'Globex EU claimed it first.',
      failover: { teamHandle: 'network' },
    },
    { kind: 'unrouted', mention: 'nobody', reason: 'unknown-handle', detail: 'No connection knows it.' },
  ],
};

describe('an explanation', () => {
  it('says of each handle whom it pages, why, and who is not meant', () => {
    expect(textOfExplanation(explanation)).toBe(`@oncall-core pages core-infra over Globex EU (globex), urgency low
  matched by a previous handle of the team
  Globex EU claimed it first.
  not paged: core over Initech; use @oncall-initech/core
  backup: network
@oncall-nobody pages nobody (unknown-handle)
  No connection knows it.
`);
  });

  it('meets an expectation by the handle, the team, or the team of a connection', () => {
    expect(notPaged(explanation, ['@oncall-core', 'core-infra', 'globex/core-infra'])).toEqual([]);
    const fallback = { kind: 'page', mention: 'typo', matched: 'fallback', team: { teamHandle: 'desk' } };
    const unknown = { ...explanation, decisions: [fallback] };
    expect(notPaged(unknown, ['@oncall-typo', 'desk'])).toEqual(['@oncall-typo', 'desk']);
    expect(notPaged(explanation, ['@oncall-nobody', 'network'])).toEqual(['@oncall-nobody', 'network']);
  });
});
