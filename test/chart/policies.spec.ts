import { describe, expect, it } from '@jest/globals';
import { type KubeObject } from './kube-object.ts';
import { offencesOf } from './policies.ts';
import { renderChart, valuesFiles } from './render.ts';

describe('a policy', () => {
  const rendered = JSON.stringify(renderChart(...valuesFiles.filter((file) => file.includes('minimal'))));
  const offencesAfter = (was: string | RegExp, is: string): readonly string[] => {
    const changed = rendered.replace(was, is);
    expect(changed).not.toBe(rendered);
    return offencesOf(JSON.parse(changed) as KubeObject[]).map((offence) => offence.replace(/^[^:]*: /, ''));
  };

  it.each([
    ['has no label app.kubernetes.io/part-of', '"app.kubernetes.io/part-of":"pagebridge",', ''],
    ['mounts the token of its service account', '"automountServiceAccountToken":false,"enable', '"enable'],
    ['shares a namespace of its host', '"enableServiceLinks":', '"hostPID":true,"enableServiceLinks":'],
    [
      'has a volume that the restricted profile lacks',
      '"configMap":{"name":"pagebridge-access"',
      '"hostPath":{"path":"/"',
    ],
    ['may run as root', '"runAsNonRoot":true,', ''],
    ['runs as root', '"runAsUser":65532', '"runAsUser":0'],
    ['may gain privileges', '"allowPrivilegeEscalation":false,', ''],
    ['has capabilities', '"drop":["ALL"]', '"drop":["ALL"],"add":["NET_ADMIN"]'],
    ['is not confined by seccomp', '"type":"RuntimeDefault"', '"type":"Unconfined"'],
    ['may write to its root file system', ',"readOnlyRootFilesystem":true', ''],
    ['takes a port of its host', '"containerPort":8081', '"containerPort":8081,"hostPort":8081'],
    ['has no version of its image: pagebridge:latest', '"image":"pagebridge:0.1.0"', '"image":"pagebridge:latest"'],
    ['has no version of its image: pagebridge', '"image":"pagebridge:0.1.0"', '"image":"pagebridge"'],
    ['runs page-router, which the image does not have', '"args":["page-routing"]', '"args":["page-router"]'],
    ['replaces the entrypoint of the image', '"args":', '"command":["node"],"args":'],
    ['does not say what it needs of memory and CPU', '"requests":{"cpu":"100m",', '"requests":{'],
    ['lets V8 take all of its memory', /--max-old-space-size=\d+/, '--max-old-space-size=512'],
    [
      'selects by labels that may change',
      /("kind":"Deployment".*?"matchLabels":\{)"app.kubernetes.io\/name":"pagebridge",/,
      '$1',
    ],
    [
      'does not select its own pods',
      /("template":\{"metadata":\{"labels":\{[^}]*"app.kubernetes.io\/component":)"/,
      '$1"un',
    ],
    ['has no budget that lets one pod at a time be evicted', '"maxUnavailable":1,', '"maxUnavailable":"50%",'],
    ['has a budget that holds up the eviction of its only pod', '"replicas":2', '"replicas":1'],
    [
      'has no livenessProbe on a port of its own',
      '"/health/live","port":"management"',
      '"/health/live","port":"other"',
    ],
    ['is asked the same by two probes', '/health/live', '/health/ready'],
    [
      'is killed after 30 s, and may take 30 to stop',
      '"terminationGracePeriodSeconds":35',
      '"terminationGracePeriodSeconds":30',
    ],
    [
      'counts as failed after 600 s, and may take 3660 to start',
      /"progressDeadlineSeconds":\d+/,
      '"progressDeadlineSeconds":600',
    ],
    ['leads to 0 Deployments', /("ports":\[\{"name":"http","port":80.*?"app.kubernetes.io\/component":)"/, '$1"un'],
    ['leads to a port that nobody listens on', '"targetPort":"http"', '"targetPort":"grpc"'],
    [
      'DATABASE_URL_FILE names /etc/pagebridge/database/other, which is not mounted',
      '/etc/pagebridge/database/url',
      '/etc/pagebridge/database/other',
    ],
    [
      'DATABASE_URL_FILE names /etc/pagebridge/database/url, which is not mounted',
      '"mountPath":"/etc/pagebridge/database"',
      '"mountPath":"/etc/pagebridge/database","subPath":"url"',
    ],
  ])('says of a pod, Deployment or Service that it %s', (offence, was, is) => {
    expect(offencesAfter(was, is)).toContain(offence);
  });
});
