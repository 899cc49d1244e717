import { post } from './api.js';
import { setText } from './dom.js';

const remembered = 'weir.name';

/**
 * What people do to alerts. Everybody says who they are, in `input`; the browser remembers it. `said` shows what went wrong; `done(alert)` is told the alert
 * as it is then. The answer of `act` says whether it was done.
 */
export const createDeeds = ({ input, said, done }) => {
  input.value = storage()?.getItem(remembered) ?? '';
  input.addEventListener('change', () => storage()?.setItem(remembered, input.value.trim()));

  const say = (text) => {
    setText(said, text);
    said.hidden = text === '';
  };

  const act = async (alert, action, more = {}) => {
    const by = input.value.trim();
    if (by === '') {
      say('Say who you are first.');
      input.focus();
      return false;
    }
    try {
      done(await post(`/alerts/${encodeURIComponent(alert.id)}/${action}`, { by, ...more }));
      say('');
      return true;
    } catch (fault) {
      say(fault.message);
      return false;
    }
  };
  return { act };
};

/** Null where the browser has been told to keep nothing. */
const storage = () => {
  try {
    return window.localStorage;
  } catch {
    return null;
  }
};
