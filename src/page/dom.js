/** Builds an element. Children are nodes or texts; a text never becomes markup, whatever a device calls itself. */
export const el = (tag, attributes = {}, ...children) => {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function') node.addEventListener(name, value);
    else if (value === true) node.setAttribute(name, '');
    else if (value !== false && value !== null && value !== undefined) node.setAttribute(name, String(value));
  }
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return node;
};

/** The element with this id; throws when the document has none. */
export const byId = (id) => {
  const node = document.getElementById(id);
  if (node === null) throw new Error(`the document has no #${id}`);
  return node;
};

/** Touches the document only when something changes: a write of the same text costs a layout all the same. */
export const setText = (node, text) => {
  if (node.textContent !== text) node.textContent = text;
};

export const setAttribute = (node, name, value) => {
  if (value === null) node.removeAttribute(name);
  else if (node.getAttribute(name) !== value) node.setAttribute(name, value);
};

/** Gathers calls and runs `paint` once, at the next frame of the screen. */
export const onNextFrame = (paint) => {
  let isAsked = false;
  return () => {
    if (isAsked) return;
    isAsked = true;
    requestAnimationFrame(() => {
      isAsked = false;
      paint();
    });
  };
};

export const linkToDevice = (id) => `#/devices/${encodeURIComponent(id)}`;
