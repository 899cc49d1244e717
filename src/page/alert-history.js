import { el } from './dom.js';
import { reading, time } from './format.js';

/** What the stream and people did, in order of time, a line each. */
export const historyLines = ({ history, care }) =>
  [...history.map(stepLine), ...(care?.events ?? []).map(careLine)]
    .sort((a, b) => a.atMs - b.atMs)
    .map(({ atMs, text }) => el('li', {}, el('span', { class: 'quiet' }, time(atMs)), ` ${text}`));

const steps = {
  pending: 'pending',
  raised: 'raised',
  severity_raised: 'worse',
  severity_lowered: 'better',
  recovering: 'recovering',
  relapsed: 'back',
  cleared: 'cleared',
  rule_removed: 'ended: its rule was taken out',
  no_longer_matches: 'ended: its rule is no longer for this device',
};

const stepLine = ({ atMs, reason, severity, state, value }) => {
  const what = state === 'cleared' ? steps[reason] : `${steps[reason] ?? reason}: ${severity}`;
  return { atMs, text: value === null ? what : `${what}, at ${reading(value)}` };
};

const careLine = ({ atMs, action, by, comment, untilMs, to }) => {
  const what = {
    acknowledge: 'acknowledged',
    shelve: `shelved until ${time(untilMs)}`,
    unshelve: 'unshelved',
    assign: to === null ? 'assigned to nobody' : `assigned to ${to}`,
    comment: 'commented',
  };
  const said = comment === null ? '' : `: ${comment}`;
  return { atMs, text: `${what[action]} by ${by}${said}` };
};
