import { createAlertItem } from './alert-item.js';
import { whyFolded } from './alerts.js';
import { el, onNextFrame, setText } from './dom.js';

const mostShown = 100;

/** Open alerts, a line that says how many are kept from view, then those that cleared of late; newest first. */
export const createAlertBoard = ({ box, count, alerts, act, now }) => {
  const lists = { open: listNode(), folded: listNode(), cleared: listNode() };
  const more = el('p', { class: 'quiet' });
  const clearedTitle = el('h3', {}, 'Cleared');
  const foldedTitle = el('summary', {});
  const fold = el('details', { class: 'folded', hidden: true }, foldedTitle, lists.folded);
  box.replaceChildren(el('h3', {}, 'Open'), lists.open, more, fold, clearedTitle, lists.cleared);
  const items = new Map();

  const paintList = (list, found) => {
    const nodes = found.map((alert) => {
      const item = items.get(alert.id) ?? createAlertItem(act);
      items.set(alert.id, item);
      item.show(alert, now());
      return item.node;
    });
    const kept = new Set(nodes);
    for (const node of [...list.children]) if (!kept.has(node)) node.remove();
    nodes.forEach((node, i) => {
      if (list.children[i] !== node) list.insertBefore(node, list.children[i] ?? null);
    });
  };

  const paint = () => {
    const { open, folded, cleared } = alerts.list();
    paintList(lists.open, open.slice(0, mostShown));
    paintList(lists.folded, folded.slice(0, mostShown));
    paintList(lists.cleared, cleared.slice(0, mostShown));
    fold.hidden = folded.length === 0;
    setText(foldedTitle, foldedText(folded, now()));
    clearedTitle.hidden = cleared.length === 0;
    setText(count, open.length === 0 ? 'none open' : `${open.length} open`);
    const hidden = open.length - mostShown;
    setText(more, hidden > 0 ? `and ${hidden} more; the fleet sorts by alert` : '');
    for (const [id, { node }] of items) if (!node.isConnected) items.delete(id);
  };
  return { refresh: onNextFrame(paint) };
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
