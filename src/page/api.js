/** What the API answered when it did not answer what was asked. */
class ApiFault extends Error {
  constructor(status, code, message) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

const timeoutMs = 10_000;

const ask = async (path, options = {}) => {
  const response = await fetch(`/api/v1${path}`, { signal: window.AbortSignal.timeout(timeoutMs), ...options });
  const body = await response.json();
  if (!response.ok) throw new ApiFault(response.status, body.error.code, body.error.message);
  return body;
};

/** Reads a path of the API as JSON. Errors: rejects with `ApiFault`, or a `TypeError` when nobody answers. */
export const read = (path, query = {}) => {
  const parameters = new URLSearchParams(query).toString();
  return ask(`${path}${parameters === '' ? '' : `?${parameters}`}`);
};

/** Does something. Errors: as `read`. */
export const post = (path, body) =>
  ask(path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });

const pageSize = 1000;

/** Every device, page by page, up to `most`. */
export const readDevices = async (most) => {
  const all = [];
  let after = null;
  do {
    const { devices, next } = await read('/devices', { limit: pageSize, ...(after !== null && { after }) });
    all.push(...devices);
    after = next;
  } while (after !== null && all.length < most);
  return { devices: all, isAll: after === null };
};

export const readDevice = (id) => read(`/devices/${encodeURIComponent(id)}`);

export const readWindows = (id, query) => read(`/devices/${encodeURIComponent(id)}/windows`, query);
