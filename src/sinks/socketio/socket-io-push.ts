import type { IncomingMessage, Server as HttpServer } from 'node:http';
import { setTimeout } from 'node:timers/promises';
import { Server } from 'socket.io';
import type { Alert } from '../../../streams/model/alert.js';
import type { Report } from '../../events.js';
import type { AlertView, DeviceView, PushPort } from '../../ports.js';
import { coalesced } from './coalesced.js';

/** One value of the event `devices`. */
export interface DeviceFrame {
  /** + 1 per frame sent by this process. A gap means that this client missed a frame: read the devices again. */
  readonly seq: number;
  /** Wall clock, epoch ms. */
  readonly sentAtMs: number;
  readonly devices: readonly DeviceView[];
}

/** One value of the event `alerts`: transitions in the order they happened, and what people did, with `care` then. */
export interface AlertFrame {
  readonly sentAtMs: number;
  readonly alerts: readonly (Alert | AlertView)[];
}

/** What a client is told once, when it connects (event `hello`). */
export interface Hello {
  readonly version: string;
  readonly framesPerSecond: number;
  /** `seq` of the last device frame sent before this client came. */
  readonly seq: number;
  readonly settings: object;
}

export interface SocketIoPushOptions {
  /** Listening is its owner's business; closing it too. */
  readonly server: HttpServer;
  readonly framesPerSecond: number;
  /** Of the service. */
  readonly version: string;
  /** What a client needs in order to show the data: metrics with units, window rules. Asked for each client anew. */
  readonly settings: () => object;
  readonly report: Report;
  /** How long `close` waits for clients to say goodbye. Default 1000. */
  readonly closeTimeoutMs?: number;
}

export interface SocketIoPush extends PushPort {
  /** `seq` of the last device frame. */
  readonly frames: number;
}

/** Clients send nothing but the protocol's own packets. */
const maxClientBytes = 16_384;

/**
 * Push through Socket.IO on an HTTP server that serves other things too; the client script is at `/socket.io/socket.io.js`.
 *
 * Device frames are volatile: a client that can't take one right now misses it, sees the gap in `seq` and reads the devices
 * again. Alerts are not. Nothing is gathered or encoded while nobody is connected.
 */
export const socketIoPush = (options: SocketIoPushOptions): SocketIoPush => {
  const { framesPerSecond, version, settings, report } = options;
  let isClosed = false;
  let seq = 0;
  const io = new Server(options.server, {
    maxHttpBufferSize: maxClientBytes,
    allowRequest: (request, answer) => answer(null, !isClosed && isSameOrigin(request)),
  });
  const { sockets } = io.of('/');
  const isListened = (): boolean => sockets.size > 0 && !isClosed;
  const send = guarded(report);

  const frames = coalesced(1000 / framesPerSecond, (devices) => {
    if (!isListened()) return;
    seq += 1;
    const frame: DeviceFrame = { seq, sentAtMs: Date.now(), devices };
    send(() => io.volatile.emit('devices', frame));
  });

  io.on('connection', (socket) => {
    const hello: Hello = { version, framesPerSecond, seq, settings: settings() };
    socket.emit('hello', hello);
  });

  return {
    get isListened() {
      return isListened();
    },
    get clients() {
      return sockets.size;
    },
    get frames() {
      return seq;
    },
    devices(changed) {
      if (isListened()) frames.add(changed);
    },
    alerts(changed) {
      if (!isListened() || changed.length === 0) return;
      const frame: AlertFrame = { sentAtMs: Date.now(), alerts: changed };
      send(() => io.emit('alerts', frame));
    },
    close() {
      isClosed = true;
      frames.drop();
      return closed(io, options.closeTimeoutMs ?? 1000);
    },
  };
};

const guarded =
  (report: Report) =>
  (emit: () => void): void => {
    try {
      emit();
    } catch (cause) {
      report({ _tag: 'fault', code: 'internal', message: `a push was not sent: ${String(cause)}` });
    }
  };

/** Closes the transports: unlike `disconnectSockets`, that lets clients come back by themselves after a restart. */
const closed = async (io: Server, timeoutMs: number): Promise<void> => {
  io.engine.close();
  const deadline = performance.now() + timeoutMs;
  while (io.engine.clientsCount > 0 && performance.now() < deadline) await setTimeout(10);
};

/**
 * Browsers let any page open a web socket to any host, so a page of another origin is turned away here. Programs send no
 * `Origin` and are let in. Behind a proxy the name that the browser used is in `X-Forwarded-Host`, which no page can set.
 */
const isSameOrigin = ({ headers }: IncomingMessage): boolean => {
  if (headers.origin === undefined) return true;
  if (!URL.canParse(headers.origin)) return false;
  const { host } = new URL(headers.origin);
  return host === headers.host || host === headers['x-forwarded-host'];
};
