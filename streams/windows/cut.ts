import { isRight } from 'fp-ts/lib/Either.js';
import type { Draft } from '../chunks/draft.js';
import type { Device } from '../model/device.js';
import type { Offset } from '../model/units.js';
import type { PartitionState } from '../state/partition-state.js';
import type { Retired, RuleStates } from '../state/rule-memory.js';
import { StoredWindows, windowResult } from '../state/window-memory.js';
import type { RuleWindows } from './open-window.js';
import { spanIn } from './span.js';

/**
 * Closes windows of rules that are gone, or whose shape is another now, as they are, and forgets them. In order of device id, whatever order
 * devices became known in. What further statistics remembered can't be read without the rule that asked for them.
 */
export const cutRetired = (
  state: PartitionState,
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
    for (const [rule, { shape, stored }] of retired) cut(device, rule, shape, stored, offset, draft);
    retired.clear();
    state.touch(device);
  }
};

const cut = (
  device: Device,
  rule: string,
  shape: string,
  stored: unknown,
  offset: Offset,
  draft: Draft<unknown>,
): void => {
  const span = spanIn(shape);
  const decoded = StoredWindows.decode(stored);
  if (span === null || !isRight(decoded)) return;
  const windows = 'windows' in decoded.right ? decoded.right.windows : decoded.right;
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
    }
  }
};
