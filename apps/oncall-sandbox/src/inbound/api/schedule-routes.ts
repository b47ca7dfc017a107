import { onCallTeams, respondersOf, scheduleIdOf, shiftAt } from '../../domain/on-call/on-call.ts';
import type { Team } from '../../domain/on-call/teams.ts';
import { isUuid, seededId } from '../../domain/seeded-id.ts';
import { type Answer, badQuery, jsonApi, noSuch, notAUuid, ok } from '../answer.ts';
import { get, guarded, type KnownCall, type Route } from '../route.ts';
import { including, responderResource } from './included.ts';

type OfSchedule = (call: KnownCall, team: Team) => Answer;

/** The routes of schedules: one for each team, with one layer and a shift of a week. */
export const scheduleRoutes: readonly Route[] = [
  get('/api/v2/on-call/schedules/:id', guarded('on_call_read', ofSchedule(schedule))),
  get('/api/v2/on-call/schedules/:id/on-call', guarded('on_call_read', ofSchedule(currentShift))),
  get('/api/v2/on-call/schedules/:id/responders', guarded('on_call_read', ofSchedule(responders))),
];

function ofSchedule(answer: OfSchedule): (call: KnownCall) => Answer {
  return (call) => {
    const id = call.params.id ?? '';
    if (!isUuid(id)) return notAUuid('schedule_id');
    const team = onCallTeams(call.org, call.caller.user).find((one) => scheduleIdOf(one) === id);
    return team ? answer(call, team) : noSuch('schedule', id);
  };
}

function schedule(call: KnownCall, team: Team): Answer {
  const layer = { id: seededId('layer', team.id), type: 'layers' };
  const data = {
    id: scheduleIdOf(team),
    type: 'schedules',
    attributes: { name: `${team.name} primary`, time_zone: 'UTC', tags: [] },
    relationships: { layers: { data: [layer] }, teams: { data: [{ id: team.id, type: 'teams' }] } },
  };
  const attributes = {
    name: 'Layer 1',
    interval: { days: 7, seconds: 0 },
    restrictions: [],
    time_zone: 'UTC',
    effective_date: team.createdAt,
    rotation_start: team.createdAt,
  };
  const names = { name: team.name, handle: team.handle, avatar: '', description: '' };
  const included = [
    ...including(call, 'layers', [{ ...layer, attributes, relationships: { members: { data: [] } } }]),
    ...including(call, 'teams', [{ id: team.id, type: 'teams', attributes: names }]),
  ];
  return ok({ data, included }, jsonApi);
}

function currentShift(call: KnownCall, team: Team): Answer {
  const at = new Date(call.query.get('filter[at_ts]') ?? call.now);
  if (Number.isNaN(at.getTime())) return badQuery('filter[at_ts]', 'type "date-time"');
  const users = respondersOf(call.org);
  const included = including(call, 'user', users.map(responderResource));
  return ok({ data: shiftResource(call, team, at), included }, jsonApi);
}

function responders(call: KnownCall, team: Team): Answer {
  const id = scheduleIdOf(team);
  const responder = { id: seededId('current', team.id), type: 'schedule_oncall_responder' };
  const shift = shiftResource(call, team, call.now);
  const data = {
    id: `${id}-${Math.floor(call.now.getTime() / 1000)}`,
    type: 'schedule_oncall_responders',
    attributes: { scheduled_at: call.now },
    relationships: { schedule: { data: { id, type: 'schedules' } }, responders: { data: [responder] } },
  };
  const shifts = { data: [{ id: shift.id, type: 'shifts' }] };
  const current = { ...responder, attributes: { position: 'current' }, relationships: { shifts } };
  return ok({ data, included: including(call, 'responders', [current, shift]) }, jsonApi);
}

function shiftResource({ org }: KnownCall, team: Team, at: Date) {
  const shift = shiftAt(at);
  const [user] = respondersOf(org);
  return {
    id: seededId('shift', team.id, shift.start.toISOString()),
    type: 'shifts',
    attributes: shift,
    relationships: { user: { data: user ? { id: user.id, type: 'users' } : null } },
  };
}
