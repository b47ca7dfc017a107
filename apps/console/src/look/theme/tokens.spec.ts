import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';

const css = readFileSync(join(import.meta.dirname, 'tokens.css'), 'utf8');
const themes = Object.fromEntries(
  [...css.matchAll(/scheme="(light|dark)"\] \{([^}]*)\}/g)].map(([, theme = '', block = '']) => [
    theme,
    Object.fromEntries([...block.matchAll(/--([\w-]+): (#[0-9a-f]{6})/g)].map(([, name, colour]) => [name, colour])),
  ]),
);

/** The relative luminance of WCAG 2. */
function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one: string, other: string): number {
  const [lighter = 0, darker = 0] = [luminance(one), luminance(other)].toSorted((a, b) => b - a);
  return (lighter + 0.05) / (darker + 0.05);
}

describe.each(Object.entries(themes))('the colours of the theme %s', (_theme, colours) => {
  const on = (name: string, ground: string) => contrast(colours[name] ?? '', colours[ground] ?? '');

  it.each(['text', 'dim', 'accent', 'good', 'waiting', 'bad', 'ended', 'note'])('can be read: %s', (name) => {
    expect(on(name, 'background')).toBeGreaterThanOrEqual(4.5);
    expect(on(name, 'surface')).toBeGreaterThanOrEqual(4.5);
  });

  it('show where a control ends', () => {
    expect(on('control', 'background')).toBeGreaterThanOrEqual(3);
    expect(on('control', 'surface')).toBeGreaterThanOrEqual(3);
  });

  it.each(['accent', 'bad'])('can be read on a button: %s', (ground) => {
    expect(on('on-accent', ground)).toBeGreaterThanOrEqual(4.5);
  });
});

it('has a light and a dark theme', () => {
  expect(Object.keys(themes)).toEqual(['light', 'dark']);
});

it('what a shadow marks has another mark in forced colours, which take all shadows away', () => {
  const styles = globSync(join(import.meta.dirname, '../../**/*.css')).map((path) => readFileSync(path, 'utf8'));
  const marked = styles.flatMap((style) =>
    [...style.matchAll(/\.(\w+)[^{}]*\{[^}]*box-shadow/g)].map(([, name]) => name),
  );
  const forced = styles.flatMap((style) => /\(forced-colors: active\) \{(.*?)\n\}/s.exec(style)?.[1] ?? []).join();
  expect(marked.length).toBeGreaterThan(0);
  for (const name of marked) expect(forced).toMatch(new RegExp(`\\.${name}\\b`));
});
