import { handlesIn, handlesOf, orgName, type Team, teamAt, type WorldSize } from '../world.ts';
import { bytesInUse, mentionsIn, nanosecondsEach } from './measured.ts';

/* The same world as one would first keep it: a map of objects for each org. */
const [, , text = ''] = process.argv;
const { orgs: count, perOrg }: WorldSize = JSON.parse(text);
const size: WorldSize = { orgs: count, perOrg, bigOrg: perOrg };

teamAt(0, 0);
const before = bytesInUse();
const orgs = new Map<string, Map<string, Team>>();
for (let org = 0; org < size.orgs; org += 1) {
  const teams = new Map<string, Team>();
  for (let i = 0; i < handlesOf(size, org); i += 1) {
    // As it comes from Kafka: each text of its own, none shared.
    const team: Team = JSON.parse(JSON.stringify(teamAt(org, i)));
    teams.set(team.teamHandle, team);
  }
  orgs.set(orgName(org), teams);
}
const bytesPerHandle = (bytesInUse() - before) / handlesIn(size);
const hitNs = nanosecondsEach(mentionsIn(size), (org, name) => orgs.get(org)?.get(name)?.sourceOrg === org);
process.stdout.write(`${JSON.stringify({ bytesPerHandle, hitNs })}\n`);
