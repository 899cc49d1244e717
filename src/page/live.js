import { io } from '/socket.io/socket.io.esm.min.js';

/**
 * The live connection. Calls `onState('live' | 'connecting' | 'reconnecting')`, `onHello`, `onDevices`, `onAlerts`, and
 * `onMissed` when frames were missed, so that what is shown can be read anew.
 */
export const goLive = ({ onState, onHello, onDevices, onAlerts, onMissed }) => {
  const socket = io({ transports: ['websocket', 'polling'], reconnectionDelayMax: 3000 });
  let seq = null;
  let wasLive = false;

  socket.on('connect', () => {
    wasLive = true;
    onState('live');
  });
  socket.on('disconnect', (reason) => {
    onState('reconnecting');
    // After a goodbye by the server itself, the client does not come back on its own.
    if (reason === 'io server disconnect') socket.connect();
  });
  socket.on('connect_error', () => onState(wasLive ? 'reconnecting' : 'connecting'));
  socket.on('hello', (hello) => {
    seq = hello.seq;
    onHello(hello);
  });
  socket.on('devices', (frame) => {
    const isNext = seq === null || frame.seq === seq + 1;
    seq = frame.seq;
    onDevices(frame.devices);
    if (!isNext) onMissed();
  });
  socket.on('alerts', (frame) => onAlerts(frame.alerts));

  /** Tells of the newest frame by another way; a frame that was the last for a while leaves no gap behind it. */
  const heardOf = (newest) => {
    if (seq === null || !socket.connected || newest <= seq) return;
    seq = newest;
    onMissed();
  };
  return { heardOf };
};
