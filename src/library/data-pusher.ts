import { createServer, type Server } from 'node:http';
import type { PipelineSettings } from '../../streams/rules/settings.js';
import type { Alert } from '../../streams/model/alert.js';
import type { Report } from '../events.js';
import { closableServer, listenOn } from '../http/listen.js';
import { defaultSettings } from '../rules/default-settings.js';
import { settingsView } from '../http/status.js';
import type { DeviceView } from '../ports.js';
import { socketIoPush } from '../sinks/socketio/socket-io-push.js';
import { version } from '../version.js';

/** Live push without the service, with the same events: `hello`, `devices`, `alerts` (docs/api.md). */
export interface DataPusher {
  /** Goes out with the next frame, at most `framesPerSecond` a second; of several views of one device the newest. Never throws. */
  pushDeviceData(...devices: readonly DeviceView[]): void;
  /** Goes out at once, in order. Never throws. */
  pushAlert(...alerts: readonly Alert[]): void;
  getConnectedClients(): number;
  /** Resolves with the URL. Errors: rejects with `ServiceError` `port_taken`. */
  listen(): Promise<string>;
  close(): Promise<void>;
}

export interface DataPusherOptions {
  /** 0 for any free one. */
  readonly port: number;
  /** Default `127.0.0.1`: open to this machine alone. */
  readonly host?: string;
  /** Default 4. */
  readonly framesPerSecond?: number;
  /** What the clients are told of metrics and windows. Default: those of an empty configuration file. */
  readonly settings?: Pick<PipelineSettings, 'rules'>;
  readonly report?: Report;
}

export const createDataPusher = (options: DataPusherOptions): DataPusher => {
  const { port, host = '127.0.0.1', framesPerSecond = 4, report = () => undefined } = options;
  const { rules } = options.settings ?? defaultSettings();
  const settings = () => settingsView(rules, framesPerSecond);
  const server: Server = createServer((_request, response) => response.writeHead(404).end());
  const closeServer = closableServer(server);
  const push = socketIoPush({ server, framesPerSecond, version, settings, report });
  return {
    pushDeviceData: (...devices) => push.devices(devices),
    pushAlert: (...alerts) => push.alerts(alerts),
    getConnectedClients: () => push.clients,
    listen: () => listenOn(server, { host, port, what: 'the push', setting: 'the option port' }),
    async close() {
      await push.close();
      await closeServer(1_000);
    },
  };
};
