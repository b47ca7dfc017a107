import { pathOf } from '@pagebridge/local-stack/base';

/** The programs that only some tests need: their names on various systems, and the way to get them. */
const programs = {
  alertmanager: {
    names: ['prometheus-alertmanager', 'alertmanager'],
    cure: 'apt-get install prometheus-alertmanager, or https://prometheus.io/download',
  },
  Chromium: {
    names: ['chromium', 'chromium-browser', 'google-chrome'],
    cure: 'apt-get install chromium, or install Chrome',
  },
  curl: { names: ['curl'], cure: 'apt-get install curl, or https://curl.se/download.html' },
  jq: { names: ['jq'], cure: 'apt-get install jq, or https://jqlang.org/download' },
  kcat: { names: ['kcat'], cure: 'apt-get install kcat, or https://github.com/edenhill/kcat' },
  prometheus: {
    names: ['prometheus'],
    cure: 'apt-get install --no-install-recommends prometheus, or https://prometheus.io/download',
  },
  promtool: {
    names: ['promtool'],
    cure: 'apt-get install --no-install-recommends prometheus, or https://prometheus.io/download',
  },
} as const;

export type OptionalProgram = keyof typeof programs;
export const optionalPrograms = Object.keys(programs) as readonly OptionalProgram[];

/** Returns the full path of a program in the PATH, or undefined if it is not installed. */
export const programPath = (program: OptionalProgram): string | undefined =>
  programs[program].names.map((name) => pathOf(name, [])).find((path) => path !== undefined);

/** Returns the full path of a program. Throws an Error with the way to get it if it is not installed. */
export function requireProgram(program: OptionalProgram): string {
  const path = programPath(program);
  if (path === undefined) throw new Error(`there is no ${program}: ${programs[program].cure}`);
  return path;
}

/** Returns the lines that name these missing programs, each once, with the way to get it; empty if there are none. */
export function missingLines(missing: readonly string[]): string[] {
  const named = optionalPrograms.filter((program) => missing.includes(program));
  if (named.length === 0) return [];
  const lines = named.map((program) => `  ${program}: ${programs[program].cure}`);
  return ['tests were skipped because these programs are not installed:', ...lines];
}
