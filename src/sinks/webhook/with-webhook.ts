import type { PushPort } from '../../ports.js';
import type { AlertWebhook } from './alert-webhook.js';

/** A push that hands alerts to a webhook, too; not those that are kept from people, or that a summary stands for. */
export const withWebhook = (push: PushPort, webhook: AlertWebhook): PushPort => ({
  get isListened() {
    return push.isListened;
  },
  get clients() {
    return push.clients;
  },
  devices: (changed) => {
    push.devices(changed);
  },
  alerts: (changed) => {
    push.alerts(changed);
    webhook.send(changed.filter(({ isMuted, flood }) => !isMuted && flood === null));
  },
  close: async () => {
    await webhook.close();
    await push.close();
  },
});
