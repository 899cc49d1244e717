import { createAlertItem } from './alert-item.js';
import { holdOrder } from './alert-order.js';
import { whyFolded } from './alerts.js';
import { el, onNextFrame, setText } from './dom.js';

const mostShown = 100;
const nothingShown = { open: [], folded: [], cleared: [] };

/**
 * Open alerts, a line that says how many are kept from view, then those that cleared of late; newest first. Nothing moves while somebody points at them or has
 * a control among them focused: new ones wait, and a button says how many.
 */
export const createAlertBoard = ({ box, count, alerts, act, now }) => {
  const lists = { open: listNode(), folded: listNode(), cleared: listNode() };
  const more = el('p', { class: 'quiet' });
  const clearedTitle = el('h3', {}, 'Cleared');
  const foldedTitle = el('summary', {});
  const fold = el('details', { class: 'folded', hidden: true }, foldedTitle, lists.folded);
  const waits = el('button', { type: 'button', hidden: true, click: () => showNew() });
  const head = el('div', { class: 'head' }, el('h3', {}, 'Open'), el('span', { role: 'status' }, waits));
  box.replaceChildren(head, lists.open, more, fold, clearedTitle, lists.cleared);
  const items = new Map();
  let shown = nothingShown;
  let isPointedAt = false;
  let isLive = true;

  const isHeld = () =>
    (isPointedAt || (box !== document.activeElement && box.contains(document.activeElement))) &&
    Object.values(shown).some(({ length }) => length > 0);

  const paintList = (list, found) => {
    const nodes = found.map((alert) => {
      const item = items.get(alert.id) ?? createAlertItem(act);
      items.set(alert.id, item);
      item.show(alert, now(), isLive);
      return item.node;
    });
    const kept = new Set(nodes);
    for (const node of [...list.children]) if (!kept.has(node)) node.remove();
    nodes.forEach((node, i) => {
      if (list.children[i] !== node) list.insertBefore(node, list.children[i] ?? null);
    });
  };

  const paint = () => {
    const found = alerts.list();
    const { lists: placed, waiting } = isHeld() ? holdOrder(shown, found) : { lists: found, waiting: 0 };
    shown = placed;
    const { open, folded, cleared } = placed;
    paintList(lists.open, open.slice(0, mostShown));
    paintList(lists.folded, folded.slice(0, mostShown));
    paintList(lists.cleared, cleared.slice(0, mostShown));
    fold.hidden = folded.length === 0;
    setText(foldedTitle, foldedText(folded, now()));
    clearedTitle.hidden = cleared.length === 0;
    setText(count, found.open.length === 0 ? 'none open' : `${found.open.length} open`);
    setText(waits, waiting === 1 ? '1 new one waits: show' : `${waiting} new ones wait: show`);
    waits.hidden = waiting === 0;
    const hidden = open.length - mostShown;
    setText(more, hidden > 0 ? `and ${hidden} more; the fleet sorts by alert` : '');
    for (const [id, { node }] of items) if (!node.isConnected) items.delete(id);
  };
  const refresh = onNextFrame(paint);

  const showNew = () => {
    shown = nothingShown;
    box.scrollTop = 0;
    box.focus();
    refresh();
  };
  const pointed = (is) => () => {
    isPointedAt = is;
    refresh();
  };
  box.addEventListener('pointerenter', pointed(true));
  box.addEventListener('pointerleave', pointed(false));
  box.addEventListener('focusout', refresh);
  return {
    refresh,
    /** Nothing can be done to alerts while nobody answers. */
    setLive(is) {
      isLive = is;
      refresh();
    },
  };
};

const listNode = () => el('ul', { class: 'alerts' });

const words = { shelved: 'shelved', muted: 'muted', flooded: 'in floods' };

const foldedText = (folded, nowMs) => {
  const reasons = folded.map((alert) => whyFolded(alert, nowMs));
  const parts = Object.entries(words)
    .map(([reason, word]) => [reasons.filter((each) => each === reason).length, word])
    .filter(([many]) => many > 0)
    .map(([many, word]) => `${many} ${word}`);
  return `${folded.length} kept from view: ${parts.join(', ')}`;
};
