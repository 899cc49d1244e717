import { isRight } from 'fp-ts/lib/Either.js';
import type { Draft } from '../chunks/draft.js';
import type { Device } from '../model/device.js';
import type { Offset } from '../model/units.js';
import type { PartitionState } from '../state/partition-state.js';
import type { Retired, RuleStates } from '../state/rule-memory.js';
import { StoredWindows, windowResult } from '../state/window-memory.js';
import type { WindowRule } from '../rules/rules.js';
import { RuleWindows } from './open-window.js';
import { spanIn } from './span.js';

/**
 * Closes windows of rules that are gone, or whose shape is another now, as they are, and forgets them. In order of device id, whatever order
 * devices became known in. What further statistics remembered can't be read without the rule that asked for them.
 */
export const cutRetired = (
  state: PartitionState,
  rules: readonly WindowRule[],
  heldOf: (device: Device) => RuleStates<RuleWindows>,
  offset: Offset,
  draft: Draft<unknown>,
): void => {
  const left: (readonly [Device, Map<string, Retired>])[] = [];
  for (const device of state.devices()) {
    const { retired } = heldOf(device);
    if (retired.size > 0) left.push([device, retired]);
  }
  left.sort(([a], [b]) => (a.id < b.id ? -1 : 1));
  for (const [device, retired] of left) {
    for (const [id, { shape, stored }] of retired) {
      const untilMs = cut(device, id, shape, stored, offset, draft);
      const rule = rules.find((one) => one.id === id);
      if (rule !== undefined && untilMs > -Infinity) goOn(heldOf(device).byRule, rule, untilMs);
    }
    retired.clear();
    state.touch(device);
  }
};

/** Gives where the last of them would have ended, epoch ms; −Infinity when there was none. */
const cut = (
  device: Device,
  rule: string,
  shape: string,
  stored: unknown,
  offset: Offset,
  draft: Draft<unknown>,
): number => {
  const span = spanIn(shape);
  const decoded = StoredWindows.decode(stored);
  if (span === null || !isRight(decoded)) return -Infinity;
  const { windows, partialUntilMs = -Infinity } =
    'windows' in decoded.right ? decoded.right : { windows: decoded.right };
  let untilMs = partialUntilMs;
  for (const { startMs, rows } of windows) {
    for (const [metric, row] of Object.entries(rows)) {
      const result = windowResult({
        rule,
        device: device.id,
        metric,
        span,
        startMs,
        row,
        statistics: [],
        more: null,
        isClosed: true,
        isCut: true,
      });
      draft.addWindow(Object.assign(result, { revision: result.revision + 1, offset, isEnd: false }));
      untilMs = Math.max(untilMs, result.endMs);
    }
  }
  return untilMs;
};

/** What comes now belongs to windows of another shape; of those that had begun it is not all. A count begins anew, and is whole. */
const goOn = (byRule: (RuleWindows | undefined)[], { index, span }: WindowRule, untilMs: number): void => {
  if (!span.kind.isOfTime) return;
  const held = (byRule[index] ??= new RuleWindows());
  held.partialUntilMs = Math.max(held.partialUntilMs, untilMs);
  held.dueMs = -Infinity;
};
