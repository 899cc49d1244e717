import { el, setAttribute } from './dom.js';

/** Puts a frame around a box that scrolls sideways; the frame says to which sides there is more, for the style sheet to show. */
export const edged = (box) => {
  const frame = el('div', { class: 'edged' });
  box.replaceWith(frame);
  frame.append(box);

  const look = () => {
    const sides = { left: box.scrollLeft > 0, right: box.scrollLeft + box.clientWidth < box.scrollWidth - 1 };
    setAttribute(frame, 'data-more', Object.keys(sides).filter((side) => sides[side]).join(' ')); // prettier-ignore
    frame.style.setProperty('--bar', `${box.offsetWidth - box.clientWidth - 2 * box.clientLeft}px`);
  };
  const resized = new ResizeObserver(look);
  for (const node of [box, ...box.children]) resized.observe(node);
  box.addEventListener('scroll', look, { passive: true });
  return frame;
};
