import type { WindowResult } from '../../streams/model/window.js';
import type { ResultReader } from '../ports.js';
import { HttpFault } from './answer.js';
import { alertsQuery, decodeQuery, decodeWindowsQuery, defaultLimit, devicesQuery, noQuery } from './query.js';
import type { Routes } from './router.js';
import type { StatusView } from './status.js';

/** A window as people see it: as stored, with the times under the names the API promises. */
export interface WindowView extends Omit<WindowResult, 'startMs' | 'endMs' | 'device'> {
  /** Epoch ms, inclusive. */
  readonly start: number;
  /** Epoch ms, exclusive. */
  readonly end: number;
}

/** The HTTP API, reading from the store only; `docs/api.md` describes it. `metrics`: names of those that are known. */
export const apiRoutes = (
  reader: ResultReader,
  status: () => Promise<StatusView>,
  metrics: () => readonly string[],
): Routes => ({
  '/api/v1/devices': async ({ query }) => {
    const { limit = defaultLimit, after } = decodeQuery(devicesQuery, query);
    const devices = await reader.devices({ limit, ...(after !== undefined && { after }) });
    return { devices, next: devices.length < limit ? null : (devices.at(-1)?.id ?? null) };
  },
  '/api/v1/devices/:id': async ({ ids: [id = ''], query }) => {
    decodeQuery(noQuery, query);
    return known(id, await reader.device(id));
  },
  '/api/v1/devices/:id/windows': async ({ ids: [id = ''], query }) => {
    const { limit = defaultLimit, rule, metric, from, to } = decodeWindowsQuery(query, metrics());
    const windows = await reader.windows(id, {
      limit,
      ...(rule !== undefined && { rule }),
      ...(metric !== undefined && { metric }),
      ...(from !== undefined && { fromMs: from }),
      ...(to !== undefined && { toMs: to }),
    });
    if (windows.length === 0) known(id, await reader.device(id));
    return { device: id, windows: windows.map(windowView) };
  },
  '/api/v1/alerts': async ({ query }) => {
    const { limit = defaultLimit, state } = decodeQuery(alertsQuery, query);
    return { alerts: await reader.alerts({ limit, ...(state !== undefined && { state }) }) };
  },
  '/api/v1/status': async ({ query }) => {
    decodeQuery(noQuery, query);
    return status();
  },
});

const known = <A>(id: string, device: A | null): A => {
  if (device === null) throw new HttpFault(404, 'no_such_device', `no record of device "${id}" has been counted`);
  return device;
};

const windowView = ({ startMs, endMs, device: _device, metric, ...rest }: WindowResult): WindowView => ({
  metric,
  start: startMs,
  end: endMs,
  ...rest,
});
