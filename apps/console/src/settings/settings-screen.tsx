import { Button, NativeSelect, Textarea, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useEffect } from 'react';
import { connectionManagement, type Versioned, versionedFrom } from '../api/client.ts';
import { useAskBeforeLeaving } from '../look/form/ask-before-leaving.ts';
import { Permitted } from '../look/form/permitted.tsx';
import { useFields } from '../look/form/use-fields.ts';
import { ChangedMeanwhile } from '../look/notice/changed-meanwhile.tsx';
import { Notice } from '../look/notice/notice.tsx';
import { ProblemWords } from '../look/notice/problem-words.tsx';
import { Read } from '../look/notice/read.tsx';
import { Time } from '../look/time/time.tsx';
import { Title } from '../look/title.tsx';
import { useMay } from '../session/me.ts';
import { needs } from '../session/permissions.ts';
import * as drafts from './draft.ts';
import { settingsQuery } from './queries.ts';
import { fieldWords, topicWords, warningWords } from './words.ts';

const route = getRouteApi('/o/$org/settings');

/** The settings of an org: which handles are its own, whom unknown ones page, and where its alerts are read. */
export function SettingsScreen() {
  const { org } = route.useParams();
  const query = useQuery(settingsQuery(org));
  return (
    <>
      <Title text="Settings" query={query} />
      <Read query={query} what="Settings" from="connection-management">
        {(stored) => <Form key={org} org={org} stored={stored} />}
      </Read>
    </>
  );
}

interface FormProps {
  readonly org: string;
  readonly stored: Versioned<drafts.SourceOrg>;
}

/** What is typed changes the version that was shown when the typing began, whatever is read meanwhile. */
function Form({ org, stored }: FormProps) {
  const mayChange = useMay(org, 'source-orgs:write') !== false;
  const queries = useQueryClient();
  const save = useMutation({
    mutationFn: (sent: drafts.Draft) => {
      const params = { path: { org }, header: { 'If-Match': sent.base.etag } };
      const body = drafts.inputOf(sent);
      return versionedFrom(connectionManagement.PUT('/v1/source-orgs/{org}', { params, body }));
    },
    onSuccess: (settled) => {
      queries.setQueryData(settingsQuery(org).queryKey, settled);
      // What was typed while it was being stored is still to be saved.
      const now = { ...getValues(), base: settled };
      setValues(drafts.isChanged(now) ? now : drafts.draftOf(settled));
    },
  });
  const form = useFields(
    {
      initialValues: drafts.draftOf(stored),
      validate: { localHandles: drafts.handleFaultIn },
      validateInputOnChange: ['localHandles'],
    },
    save.error?.problem,
  );
  const { values: draft, getValues, setValues, getInputProps } = form;
  const isUnsaved = drafts.isChanged(draft);
  useAskBeforeLeaving(isUnsaved ? 'Leave without saving your changes?' : undefined);
  const isOld = draft.base.etag !== stored.etag;
  useEffect(() => {
    if (isOld && !isUnsaved) setValues(drafts.draftOf(stored));
  }, [isOld, isUnsaved, setValues, stored]);
  const store = (mine: drafts.Draft) => {
    setValues(mine);
    save.mutate(mine);
  };
  const discard = () => {
    setValues(drafts.draftOf(stored));
    save.reset();
  };
  const { alertTopic, alertTopicSince } = stored.value;
  return (
    <form className="stack" onSubmit={form.onSubmit((mine) => (mayChange ? store(mine) : undefined))}>
      {!mayChange && <p className="dim">{needs(org, 'source-orgs:write')}</p>}
      <Textarea
        label="Local handles"
        description={`Team handles of ${org} itself, one per line. Pagebridge ignores them. Currently ${drafts.handlesIn(draft.localHandles).length}.`}
        rows={10}
        resize="vertical"
        spellCheck={false}
        readOnly={!mayChange}
        {...getInputProps('localHandles')}
      />
      <TextInput
        label="Fallback handle"
        description="Paged instead of an unknown handle, with a note in the page. If empty, an unknown handle pages nobody."
        maxLength={220}
        readOnly={!mayChange}
        {...getInputProps('fallbackHandle')}
      />
      {!isUnsaved &&
        save.data?.value.warnings.map((warning) => (
          <Notice key={warning.code} tone="waiting">
            {warningWords(warning)}
          </Notice>
        ))}
      <NativeSelect
        label="Alerts are read from"
        disabled={!mayChange}
        data={[
          { value: 'shared', label: 'the shared topic, paging.alerts.v1' },
          { value: 'both', label: 'both topics' },
          { value: 'own', label: `its own topic, paging.org-alerts.v1.${org}` },
        ]}
        {...getInputProps('alertTopic')}
        error={form.errors.alertTopic !== undefined}
      />
      <p className="dim">
        {alertTopicSince && (
          <>
            Since <Time at={alertTopicSince} />:{' '}
          </>
        )}
        {topicWords[alertTopic]}
      </p>
      {save.error?.problem.code === 'if-match-stale' && isOld ? (
        <ChangedMeanwhile
          org={org}
          target={org}
          at={stored.value.updatedAt}
          before={fieldWords(drafts.draftOf(draft.base))}
          theirs={fieldWords(drafts.draftOf(stored))}
          mine={fieldWords(drafts.rebased(draft, stored))}
          onApply={() => store(drafts.rebased(draft, stored))}
        />
      ) : (
        save.error && <ProblemWords error={save.error} />
      )}
      <div className="row">
        <Permitted permission="source-orgs:write" type="submit" variant="filled" loading={save.isPending}>
          Save
        </Permitted>
        {isUnsaved && <Button onClick={discard}>Discard changes</Button>}
        <span role="status">{save.isSuccess && !isUnsaved && 'Saved.'}</span>
      </div>
    </form>
  );
}
