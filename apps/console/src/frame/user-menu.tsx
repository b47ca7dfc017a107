import { Button, type MantineColorScheme, Menu, useMantineColorScheme } from '@mantine/core';
import { IconUser } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useZone, type Zone, zoneName } from '../look/time/zone.ts';
import { sessionQuery } from '../session/session.ts';
import { useSingleKeys } from './single-keys.ts';

/** The person, and how the console looks to this person. */
export function UserMenu({ onSignOut }: { readonly onSignOut: () => void }) {
  const { data: session } = useQuery(sessionQuery);
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const [zone, setZone] = useZone();
  const [areKeysOn, setKeysOn] = useSingleKeys();
  return (
    <>
      <span className="dim">
        <span className="visually-hidden">Times in </span>
        {zoneName(zone)}
      </span>
      <Menu position="bottom-end">
        <Menu.Target>
          <Button leftSection={<IconUser size={14} aria-hidden />}>
            <span className="visually-hidden">Signed in as </span>
            {session?.name}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Label>Theme</Menu.Label>
          <Menu.RadioGroup value={colorScheme} onChange={(chosen) => setColorScheme(chosen as MantineColorScheme)}>
            <Menu.RadioItem value="auto">System</Menu.RadioItem>
            <Menu.RadioItem value="light">Light</Menu.RadioItem>
            <Menu.RadioItem value="dark">Dark</Menu.RadioItem>
          </Menu.RadioGroup>
          <Menu.Label>Times</Menu.Label>
          <Menu.RadioGroup value={zone} onChange={(chosen) => setZone(chosen as Zone)}>
            <Menu.RadioItem value="local">{zoneName('local')}</Menu.RadioItem>
            <Menu.RadioItem value="utc">{zoneName('utc')}</Menu.RadioItem>
          </Menu.RadioGroup>
          <Menu.Label>Keyboard</Menu.Label>
          <Menu.CheckboxItem checked={areKeysOn} onChange={setKeysOn}>
            Shortcuts (press ? to list them)
          </Menu.CheckboxItem>
          <Menu.Divider />
          <Menu.Item onClick={onSignOut}>Sign out</Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </>
  );
}
