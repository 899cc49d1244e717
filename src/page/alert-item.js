import { historyLines } from './alert-history.js';
import { changedAt, isShelved } from './alerts.js';
import { el, linkToDevice, setAttribute, setText } from './dom.js';
import { age, reading, time } from './format.js';

/**
 * One alert in a list: what it says, what can be done about it, and on a click how it came to be. `act(alert, action, more)` does what people ask
 * for; nothing when not `canAct`. What somebody has opened or is writing stays, whatever the alert does meanwhile.
 */
export const createAlertItem = (act) => {
  let alert = null;
  const parts = {
    severity: el('span', { class: 'severity' }),
    device: el('a', {}),
    age: el('span', { class: 'age quiet' }),
    message: el('p', {}),
    episode: el('p', { class: 'quiet' }),
    care: el('p', { class: 'care' }),
    history: el('ol', { class: 'history' }),
  };
  const deed = (action, title, more) => el('button', { type: 'button', click: () => act(alert, action, more) }, title);
  const buttons = {
    acknowledge: deed('acknowledge', 'Acknowledge'),
    shelve: deed('shelve', 'Shelve 1 h', { for: '1h' }),
    unshelve: deed('unshelve', 'Unshelve'),
  };
  const history = el('details', { toggle: () => showHistory() }, el('summary', {}, 'History'), parts.history);
  const comment = commentForm((text) => act(alert, 'comment', { comment: text }));
  const deeds = el('div', { class: 'deeds' }, ...Object.values(buttons), comment.button);
  const { severity, device, age: ageNode, message, episode, care } = parts;
  const node = el('li', {}, severity, device, ageNode, message, episode, care, deeds, comment.form, history);

  const showHistory = () => {
    if (history.open && alert !== null) parts.history.replaceChildren(...historyLines(alert));
  };

  const show = (next, nowMs, canAct) => {
    setText(ageNode, age(nowMs - changedAt(next)));
    const shelved = isShelved(next, nowMs);
    const isOpen = next.state !== 'cleared';
    buttons.acknowledge.hidden = (next.care?.acknowledged ?? null) !== null;
    buttons.shelve.hidden = shelved || !isOpen;
    buttons.unshelve.hidden = !shelved;
    for (const button of [...Object.values(buttons), comment.button, comment.send]) button.disabled = !canAct;
    setText(care, careText(next.care, shelved));
    care.hidden = care.textContent === '';
    if (next === alert) return;
    alert = next;
    setAttribute(node, 'data-severity', next.severity);
    setAttribute(node, 'data-state', next.state);
    setText(severity, next.severity);
    showSubject(device, next);
    setText(message, next.message);
    setText(episode, episodeText(next));
    showHistory();
  };
  return { node, show };
};

/** The summary of a flood is of no single device. */
const showSubject = (link, { device, labels }) => {
  setText(link, device === '' ? labels.group || 'all devices' : device);
  setAttribute(link, 'href', device === '' ? null : linkToDevice(device));
};

const commentForm = (tell) => {
  const input = el('input', { type: 'text', required: true, maxlength: 2000, 'aria-label': 'Comment' });
  const submit = async (event) => {
    event.preventDefault();
    if (!(await tell(input.value))) return;
    input.value = '';
    form.hidden = true;
  };
  const send = el('button', {}, 'Send');
  const form = el('form', { class: 'comment', hidden: true, submit }, input, send);
  const toggle = () => {
    form.hidden = !form.hidden;
    if (!form.hidden) input.focus();
  };
  return { form, send, button: el('button', { type: 'button', click: toggle }, 'Comment') };
};

const careText = (care, shelved) =>
  [
    care?.acknowledged ? `acknowledged by ${care.acknowledged.by}` : null,
    care?.assignee ? `assigned to ${care.assignee}` : null,
    shelved ? `shelved by ${care.shelved.by} until ${time(care.shelved.untilMs)}` : null,
  ]
    .filter((part) => part !== null)
    .join(' · ');

const ends = { rule_removed: 'its rule was taken out', no_longer_matches: 'its rule is no longer for this device' };

const at = (value) => (value === null ? '' : ` at ${reading(value)}`);

const episodeText = ({ state, reason, raisedAtMs, raisedValue, peakValue, clearedAtMs, clearedValue }) => {
  const raised = `raised ${time(raisedAtMs)}${at(raisedValue)}`;
  const peak = peakValue === null || peakValue === raisedValue ? null : `peak ${reading(peakValue)}`;
  const end = clearedAtMs === null ? null : (ends[reason] ?? `cleared ${time(clearedAtMs)}${at(clearedValue)}`);
  return [raised, peak, state === 'recovering' ? 'recovering' : end].filter((part) => part !== null).join(', ');
};
