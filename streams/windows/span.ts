import type { Span, SpanSettings, WindowKind } from './kinds/kind.js';
import { windowKinds } from './kinds/registry.js';

/** A kind of window with its settings worked in. */
export const spanOf = <Name extends string>(
  kind: WindowKind<Name>,
  settings: Readonly<Record<Name, number>>,
): Span => ({
  kind,
  settings,
  ...kind.made(settings),
});

/** A span in a few characters, at the head of a rule's shape: `t60000`, `h300000/60000`, `s120000`, `c100`. */
export const spanCode = ({ kind, settings }: Span): string =>
  `${kind.code}${Object.keys(kind.settings)
    .map((name) => String(settings[name]))
    .join('/')}`;

/** Back from the head of a shape; null when there is none, or of a kind that is no more. */
export const spanIn = (shape: string): Span | null => {
  const [, code, numbers = ''] = /^([a-z]+)([\d/]*)/.exec(shape) ?? [];
  const kind = windowKinds.find((one) => one.code === code);
  if (kind === undefined) return null;
  const stored = numbers === '' ? [] : numbers.split('/').map(Number);
  const names = Object.keys(kind.settings);
  if (stored.length !== names.length) return null;
  const settings: SpanSettings = Object.fromEntries(names.map((name, i) => [name, stored[i] ?? NaN]));
  return spanOf(kind, settings);
};

/** How long a device may be behind the log before it counts as quiet, and how often that is looked at: of all spans the shortest, ms. */
export const tickOf = (spans: readonly Span[]): number =>
  Math.max(1_000, Math.min(600_000, ...spans.map(({ paceMs }) => paceMs)) / 10);
