import { type KeyboardEvent, useEffect, useId } from 'react';
import classes from './explain.module.css';
import { useOffers } from './use-offers.ts';
import type { Writing } from './use-writing.ts';

interface EditorProps {
  readonly org: string;
  readonly writing: Writing;
  readonly initial: string;
  readonly onText: (text: string) => void;
}

/** A plain text field with a menu of handles below it. The focus never leaves the field, which has the keys. */
export function Editor({ org, writing, initial, onText }: EditorProps) {
  const id = useId();
  const { field, place, follow, leave, close, replace } = writing;
  const { offers, active, step, words } = useOffers(org, place);
  const hasOffers = offers.length > 0;
  const optionId = active < 0 ? undefined : `${id}-${active}`;
  useEffect(() => field.current?.focus(), [field]);
  useEffect(() => {
    if (optionId) document.getElementById(optionId)?.scrollIntoView({ block: 'nearest' });
  }, [optionId]);

  function onKeyDown(event: KeyboardEvent): void {
    if (!place || isComposing(event) || event.shiftKey || event.ctrlKey || event.altKey || event.metaKey) return;
    const chosen = offers[active];
    if (event.key === 'Escape') close();
    else if (event.key === 'ArrowDown' && hasOffers) step(1);
    else if (event.key === 'ArrowUp' && hasOffers) step(-1);
    else if (chosen && (event.key === 'Enter' || event.key === 'Tab')) replace([place], chosen.text);
    else return;
    event.preventDefault();
  }

  return (
    <div className={classes.editor}>
      <label htmlFor={id} className={classes.label}>
        Message
      </label>
      <textarea
        id={id}
        ref={field}
        className={classes.field}
        rows={10}
        defaultValue={initial}
        spellCheck={false}
        role="combobox"
        aria-autocomplete="list"
        aria-expanded={hasOffers}
        aria-controls={hasOffers ? `${id}-menu` : undefined}
        aria-activedescendant={optionId}
        onChange={({ currentTarget }) => {
          onText(currentTarget.value);
          follow(true);
        }}
        onSelect={() => follow(false)}
        onKeyDown={onKeyDown}
        onBlur={leave}
      />
      <div role="status" className={words ? classes.menu : undefined}>
        {words}
      </div>
      {hasOffers && (
        <div
          id={`${id}-menu`}
          role="listbox"
          aria-label="Handles"
          tabIndex={-1}
          className={classes.menu}
          onMouseDown={(event) => event.preventDefault()}
        >
          {offers.map(({ text, team, over }, index) => (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the field has the keys
            <div
              key={text}
              id={`${id}-${index}`}
              role="option"
              aria-selected={index === active}
              tabIndex={-1}
              className={classes.option}
              onClick={() => place && replace([place], text)}
            >
              <code>{text}</code>
              <span>{team}</span>
              <span className="dim">{over}</span>
            </div>
          ))}
        </div>
      )}
    </div>
  );
}

/** Safari ends a composition before it tells the key that has ended it; 229 says that the key belongs to the composition. */
const isComposing = ({ nativeEvent }: KeyboardEvent): boolean => nativeEvent.isComposing || nativeEvent.keyCode === 229;
