import { positive } from '../document/forms.js';
import type { ClaimKind } from './claim.js';

/** `max_step_per_second`: how fast a metric can change, against the newest reading that was accepted. What is not newer than that has no step. */
export const step: ClaimKind<typeof positive, 'metric'> = {
  name: 'max_step_per_second',
  codec: positive,
  about: 'The largest change per second since the reading before.',
  of: 'metric',
  canClamp: true,
  compiled: (perSecond, { slot, name }) => ({
    text: `${name} changes by at most ${perSecond} a second`,
    about: [name],
    keeps: [slot],
    edges: [],
    breachIn(asked) {
      const value = asked.readings[slot] ?? NaN;
      const before = asked.keptOf(slot);
      const seconds = (asked.eventTimeMs - asked.keptAtMs(slot)) / 1000;
      const most = perSecond * seconds;
      if (!(seconds > 0) || !(Math.abs(value - before) > most)) return null;
      const message = `${name} went from ${before} to ${value} within ${seconds} s; at most ${perSecond} a second are possible`;
      return { metric: slot, message, nearest: before + Math.sign(value - before) * most };
    },
  }),
};
