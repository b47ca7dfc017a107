import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type KafkaSource, kafkaObjectsOf } from './kafka-objects.ts';
import { readValues } from './values-file.ts';
import { withValues } from './values-readme.ts';
import { type ServiceVariables, schemaOf } from './values-schema.ts';

const folder = 'deploy/helm/pagebridge';

/** What the Helm chart has that follows from its commented values, from the services and from the topics; paths are relative to the root. */
export function chartDocuments(root: string, services: readonly ServiceVariables[], kafka: KafkaSource) {
  const read = (file: string) => readFileSync(join(root, folder, file), 'utf8');
  const values = readValues(read('values.yaml'));
  const json = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`;
  return [
    { path: `${folder}/values.schema.json`, content: json(schemaOf(values, services)) },
    { path: `${folder}/README.md`, content: withValues(read('README.md'), values) },
    { path: `${folder}/files/kafka.json`, content: json(kafkaObjectsOf(kafka)) },
  ];
}
