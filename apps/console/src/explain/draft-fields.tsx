import { NativeSelect, TextInput } from '@mantine/core';
import { origins, priorities, transitions } from '@pagebridge/vocabulary';
import type { Draft } from './draft.ts';
import classes from './explain.module.css';

interface DraftFieldsProps {
  readonly draft: Draft;
  readonly onChange: (change: Partial<Draft>) => void;
}

/** What page-routing looks at beside the text. Most texts need none of it changed. */
export function DraftFields({ draft, onChange }: DraftFieldsProps) {
  const its = (label: string, name: keyof Draft) => ({
    label,
    value: draft[name],
    onChange: ({ currentTarget }: { currentTarget: { value: string } }) => onChange({ [name]: currentTarget.value }),
  });
  return (
    <div className={classes.fields}>
      <NativeSelect {...its('Transition', 'transition')} data={[...transitions]} />
      <NativeSelect {...its('Priority', 'priority')} data={[{ value: '', label: 'none' }, ...priorities]} />
      <details className={classes.more}>
        <summary>More</summary>
        <div className={classes.fields}>
          <TextInput {...its('Title', 'title')} maxLength={1024} />
          <TextInput {...its('Alert key', 'alertKey')} maxLength={512} />
          <NativeSelect {...its('Origin', 'origin')} data={[...origins]} />
        </div>
      </details>
    </div>
  );
}
