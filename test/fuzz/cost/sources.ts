/** The pure parts of alert-intake: from its sources where decorators are compiled, as in tests, else as it is built. */
export async function sourcesIn(folder: 'src' | 'dist') {
  const load = <Module>(name: string): Promise<Module> =>
    import(`../../../apps/alert-intake/${folder}/${name}.${folder === 'src' ? 'ts' : 'js'}`) as Promise<Module>;
  type Guard = typeof import('../../../apps/alert-intake/src/callers/caller.guard.ts');
  type Of = typeof import('../../../apps/alert-intake/src/sending/event-of.ts');
  type Plans = typeof import('../../../apps/alert-intake/src/sending/plan.ts');
  type Read = typeof import('../../../apps/alert-intake/src/sending/read.ts');
  type Alertmanager = typeof import('../../../apps/alert-intake/src/sources/alertmanager/alertmanager.ts');
  type CloudEvents = typeof import('../../../apps/alert-intake/src/sources/cloudevents/cloudevents.ts');
  type Datadog = typeof import('../../../apps/alert-intake/src/sources/datadog/datadog.ts');
  type Grafana = typeof import('../../../apps/alert-intake/src/sources/grafana/grafana.ts');
  type PagerDuty = typeof import('../../../apps/alert-intake/src/sources/pagerduty/pagerduty.ts');
  type Plain = typeof import('../../../apps/alert-intake/src/sources/plain/plain-alerts.ts');
  return {
    ...(await load<Guard>('callers/caller.guard')),
    ...(await load<Of>('sending/event-of')),
    ...(await load<Plans>('sending/plan')),
    ...(await load<Read>('sending/read')),
    ...(await load<Alertmanager>('sources/alertmanager/alertmanager')),
    ...(await load<CloudEvents>('sources/cloudevents/cloudevents')),
    ...(await load<Datadog>('sources/datadog/datadog')),
    ...(await load<Grafana>('sources/grafana/grafana')),
    ...(await load<PagerDuty>('sources/pagerduty/pagerduty')),
    ...(await load<Plain>('sources/plain/plain-alerts')),
  };
}

export type Sources = Awaited<ReturnType<typeof sourcesIn>>;
