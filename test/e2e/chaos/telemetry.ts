/** Records that a test makes itself: devices taking turns, readings that go up and down around the alert levels. */
export const telemetry = (options: {
  readonly devices: readonly string[];
  readonly count: number;
  readonly fromMs: number;
  /** Every so many records one is no telemetry. */
  readonly badEvery?: number;
}): readonly { readonly key: string; readonly value: string }[] => {
  const { devices, count, fromMs, badEvery = Infinity } = options;
  return Array.from({ length: count }, (_, i) => {
    const device = devices[i % devices.length] ?? '';
    const timestamp = new Date(fromMs + i * 50).toISOString();
    const reading = { temperature: 21 + (i % 7) - (i % 3) / 10, humidity: 50 + (i % 11) };
    const good = { device_id: device, timestamp, ...reading, location: `hall ${i % 2}`, status: 'normal' };
    return { key: device, value: i % badEvery === badEvery - 1 ? `no telemetry: ${i}` : JSON.stringify(good) };
  });
};
