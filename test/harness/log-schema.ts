type Type = 'string' | 'number' | 'object';
type Line = Readonly<Record<string, unknown>>;

/** The fields that operators search for, and their types: the table in docs/operate.md. A line may have others. */
export const logFields: Readonly<Record<string, Type>> = {
  ...{ time: 'string', level: 'string', service: 'string', version: 'string', message: 'string' },
  ...{ sourceOrg: 'string', alertKey: 'string', alertEventId: 'string', pageId: 'string', handle: 'string' },
  ...{ connectionId: 'string', dataCenter: 'string', destinationOrg: 'object', teamHandle: 'string' },
  ...{ destinationPageId: 'string', directory: 'string', integration: 'string', attempts: 'number' },
  ...{ reason: 'string', detail: 'string', cause: 'string', cure: 'string', error: 'object' },
  ...{ group: 'string', topic: 'string', partition: 'number', offset: 'number' },
};

const always = ['time', 'level', 'service', 'version', 'message'];
const ofPage = ['sourceOrg', 'alertKey', 'reason', 'cure'];

/** Returns the lines of services in a log: the broker and other programs write lines of their own. */
export const linesOfServices = (text: string): Line[] =>
  text.split('\n').flatMap((line) => (/^\{"level".*\}$/.test(line) ? [JSON.parse(line) as Line] : []));

/** Returns what is wrong with lines: a missing field, or a field that has another type than in the list or in other lines. */
export function faultsOf(lines: readonly Line[]): string[] {
  const types = new Map<string, string>(Object.entries(logFields));
  const faults = new Set<string>();
  for (const line of lines) {
    const isWarningOfPage = 'alertKey' in line && /warn|error/.test(String(line.level));
    for (const name of [...always, ...(isWarningOfPage ? ofPage : [])]) {
      if (!(name in line)) faults.add(`${line.service} has no ${name} in: ${line.message}`);
    }
    for (const [name, value] of Object.entries(line)) {
      const type = Array.isArray(value) ? 'array' : typeof value;
      const known = value === null ? type : (types.get(name) ?? type);
      if (value !== null) types.set(name, known);
      if (known !== type) faults.add(`${line.service} has ${name} as ${type}, not ${known}, in: ${line.message}`);
    }
  }
  return [...faults];
}
