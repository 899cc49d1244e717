import type { AlertView } from '../ports.js';
import type { AlertDesk } from './desk.js';

/** A desk that also tells of what was done, so that whoever looks on sees it. `tell` must not throw. */
export const toldDesk = (desk: AlertDesk, tell: (alert: AlertView) => void): AlertDesk => ({
  act: async (id, deed) => {
    const done = await desk.act(id, deed);
    if (done._tag === 'done') tell({ ...done.alert, care: done.care });
    return done;
  },
});
