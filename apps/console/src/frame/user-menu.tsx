import { Button, Menu, useMantineColorScheme } from '@mantine/core';
import { IconUser } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useZone, zoneName } from '../look/time/zone.ts';
import { sessionQuery } from '../session/session.ts';
import { signOut } from '../session/sign-in.ts';
import { useSingleKeys } from './single-keys.ts';

const themes = [
  ['auto', 'As the system'],
  ['light', 'Light'],
  ['dark', 'Dark'],
] as const;

/** The person, and how the console looks to this person. */
export function UserMenu() {
  const { data: session } = useQuery(sessionQuery);
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const [zone, setZone] = useZone();
  const [areKeysOn, setKeysOn] = useSingleKeys();
  return (
    <Menu position="bottom-end" closeOnItemClick={false}>
      <Menu.Target>
        <Button variant="default" size="compact-sm" leftSection={<IconUser size={14} aria-hidden />}>
          <span className="visually-hidden">Signed in as </span>
          {session?.name}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>Theme</Menu.Label>
        {themes.map(([name, label]) => (
          <Choice key={name} isChosen={colorScheme === name} label={label} onChoose={() => setColorScheme(name)} />
        ))}
        <Menu.Label>Times</Menu.Label>
        {(['local', 'utc'] as const).map((name) => (
          <Choice key={name} isChosen={zone === name} label={zoneName(name)} onChoose={() => setZone(name)} />
        ))}
        <Menu.Label>Keyboard</Menu.Label>
        <Choice isChosen={areKeysOn} label="Single keys: ? lists them" onChoose={() => setKeysOn(!areKeysOn)} />
        <Menu.Divider />
        <Menu.Item onClick={() => void signOut()}>Sign out</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

interface ChoiceProps {
  readonly isChosen: boolean;
  readonly label: string;
  readonly onChoose: () => void;
}

const Choice = ({ isChosen, label, onChoose }: ChoiceProps) => (
  <Menu.Item role="menuitemcheckbox" aria-checked={isChosen} onClick={onChoose}>
    {isChosen ? '✓ ' : ' '}
    {label}
  </Menu.Item>
);
