import { onCallTeams, policyIdOf, respondersOf, scheduleIdOf } from '../../domain/on-call/on-call.ts';
import { teamSeenBy } from '../../domain/on-call/team-list.ts';
import { isUuid, seededId } from '../../domain/seeded-id.ts';
import { type Answer, jsonApi, noSuch, notAUuid, ok } from '../answer.ts';
import { get, guarded, type KnownCall, type Route } from '../route.ts';
import { including, responderResource } from './included.ts';

/** The routes of a team's routing rules and responders, and of escalation policies. */
export const onCallRoutes: readonly Route[] = [
  get('/api/v2/on-call/teams/:id/routing-rules', guarded('on_call_read', routingRules)),
  get('/api/v2/on-call/teams/:id/on-call', guarded('on_call_read', responders)),
  get('/api/v2/on-call/escalation-policies/:id', guarded('on_call_read', policy)),
];

function routingRules(call: KnownCall): Answer {
  const { org, caller, params } = call;
  const id = params.id ?? '';
  if (!isUuid(id)) return notAUuid('team_id');
  const team = teamSeenBy(org, caller.user, id);
  if (!team || (team.onCall === 'never' && org.settings.neverOnboarded === 'not-found')) return noSuch('team', id);
  const rules = team.onCall === 'on-call' ? [{ id: `virtual-${id}-rule-0`, type: 'team_routing_rules' }] : [];
  const included = rules.map((rule) => ({
    ...rule,
    attributes: { query: '', urgency: 'dynamic', time_restriction: null, actions: null },
    relationships: { policy: { data: { id: policyIdOf(team), type: 'policies' } } },
  }));
  const data = { id, type: 'team_routing_rules', relationships: { rules: { data: rules } } };
  return ok({ data, included: including(call, 'rules', included) }, jsonApi);
}

function responders(call: KnownCall): Answer {
  const { org, caller, params, now } = call;
  const id = params.id ?? '';
  if (!isUuid(id)) return notAUuid('team_id');
  const team = teamSeenBy(org, caller.user, id);
  if (team?.onCall !== 'on-call') return noSuch('team', id);
  const users = respondersOf(org);
  const data = {
    id: `${id}-${Math.floor(now.getTime() / 1000)}`,
    type: 'team_oncall_responders',
    relationships: {
      escalations: { data: [] },
      responders: { data: users.map((user) => ({ id: user.id, type: 'users' })) },
    },
  };
  return ok({ data, included: including(call, 'responders', users.map(responderResource)) }, jsonApi);
}

function policy(call: KnownCall): Answer {
  const id = call.params.id ?? '';
  if (!isUuid(id)) return notAUuid('policy_id');
  const team = onCallTeams(call.org, call.caller.user).find((one) => policyIdOf(one) === id);
  if (!team) return noSuch('escalation_policy', id);
  const step = { id: seededId('step', team.id), type: 'steps' };
  const data = {
    id,
    type: 'policies',
    attributes: { name: `${team.name} policy`, retries: 2, resolve_page_on_policy_end: false },
    relationships: { steps: { data: [step] }, teams: { data: [{ id: team.id, type: 'teams' }] } },
  };
  const targets = { data: [{ id: scheduleIdOf(team), type: 'schedules' }] };
  const attributes = { assignment: 'default', escalate_after_seconds: 900 };
  const steps = [{ ...step, attributes, relationships: { targets } }];
  return ok({ data, included: including(call, 'steps', steps) }, jsonApi);
}
