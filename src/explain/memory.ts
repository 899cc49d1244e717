import { from, lastValueFrom } from 'rxjs';
import { above, type Bounds, expressed } from '../../streams/alerts/claims.js';
import { chunkOf } from '../../streams/model/chunk.js';
import { RawRecord } from '../../streams/model/raw-record.js';
import { asOffset } from '../../streams/model/units.js';
import { devicePipeline } from '../../streams/pipeline.js';
import type { AlertRule, Plan, Rules } from '../../streams/rules/rules.js';
import { type DoorSettings, settingsUnder } from '../../streams/rules/settings.js';
import { PartitionState } from '../../streams/state/partition-state.js';
import { deviceText } from '../replay/device-text.js';
import { type Described, factsOf } from './example.js';

/** What one device takes in the store, in bytes of JSON. */
export interface DeviceMemory {
  readonly bytes: number;
  /** With every alert of its rules open. */
  readonly withAlertsOpen: number;
  /** By what remembers it: `latest`, `window minute`. */
  readonly parts: Readonly<Record<string, number>>;
}

const source = { topic: 'explained', partition: 0 };
const startMs = Date.UTC(2026, 0, 5);
const usualIntervalMs = 10_000;
const leastSpanMs = 600_000;
const mostRecords = 3_000;

/**
 * Fills the state of one device by running the pipeline, until its longest window has been open for as long as it will be, and writes it as the
 * service does. Values lie in the middle of their ranges and move; a device without a stated interval reports every 10 s.
 */
export const memoryOf = async (rules: Rules, device: Described, door: DoorSettings): Promise<DeviceMemory> => {
  const plan = rules.planOf(factsOf(device));
  const text = await filled(alarming(rules, false), plan, device, door);
  const open = await filled(alarming(rules, true), plan, device, door);
  return { bytes: Buffer.byteLength(text), withAlertsOpen: Buffer.byteLength(open), parts: partsOf(text) };
};

const filled = async (rules: Rules, plan: Plan, { id, fields }: Described, door: DoorSettings): Promise<string> => {
  const spanMs = Math.max(leastSpanMs, ...plan.windows.map(fullAfterMs));
  const stepMs = Math.max(plan.reportEveryMs ?? usualIntervalMs, Math.ceil(spanMs / mostRecords));
  const measured = rules.metrics.filter(({ isDerived }) => !isDerived);
  const records = Array.from({ length: Math.ceil(spanMs / stepMs) }, (_, i) => {
    const atMs = startMs + i * stepMs;
    const values = Object.fromEntries(measured.map(({ name, min, max }, slot) => [name, valueAt(i + slot, min, max)]));
    const value = deviceText({ device: id, atMs, fields, values, units: {} });
    return RawRecord.of({ offset: asOffset(i), timestampMs: atMs, value });
  });
  const state = PartitionState.empty(source);
  const chunk = chunkOf(source, records, asOffset(records.length));
  await lastValueFrom(from([chunk]).pipe(devicePipeline(settingsUnder(rules, door), state)), { defaultValue: null });
  return [...state.snapshot().devices][0]?.[1] ?? '';
};

const fullAfterMs = ({ span, allowedLatenessMs }: Plan['windows'][number]): number =>
  span.fullAfterMs(usualIntervalMs) + allowedLatenessMs;

/** As unrounded as what sensors say. */
const valueAt = (i: number, min: number, max: number): number =>
  min === 0 && max === 1 ? i % 2 : (min + max) / 2 + ((max - min) / 50) * Math.sin(i);

/** The same rules, of which every alert, or none, is raised by whatever it looks at. */
const alarming = (rules: Rules, isRaised: boolean): Rules => ({
  ...rules,
  planOf: (facts) => {
    const plan = rules.planOf(facts);
    return { ...plan, alerts: plan.alerts.map((rule) => raised(rule, isRaised)) };
  },
});

const raised = (rule: AlertRule, isRaised: boolean): AlertRule => ({
  ...rule,
  levels: rule.levels.map(({ severity }) => ({ severity, ...always(rule.input, isRaised) })),
  forMs: 0,
  mOfN: null,
  isScheduled: () => true,
  flood: null,
});

/** What holds of any value, or of none. */
const always = (input: AlertRule['input'], isSo: boolean): Bounds => {
  if (input._tag !== 'device') return above(isSo ? { raise: -1e99, clear: -1e99 } : { raise: 1e99, clear: 1e99 });
  const said = (answer: boolean) => ({ text: '', reads: input.metrics, evaluate: () => answer });
  return expressed(said(isSo), said(!isSo));
};

const byRule: ReadonlySet<string> = new Set(['window', 'detect', 'derive', 'alert']);

const partsOf = (text: string): Readonly<Record<string, number>> => {
  if (text === '') return {};
  const members = JSON.parse(text) as Readonly<Record<string, unknown>>;
  return Object.fromEntries(
    Object.entries(members).flatMap(([name, stored]) =>
      byRule.has(name)
        ? Object.entries(stored as object).map(([rule, own]) => [`${name} ${rule}`, sizeOf(own)])
        : [[name, sizeOf(stored)]],
    ),
  );
};

const sizeOf = (stored: unknown): number => Buffer.byteLength(JSON.stringify(stored));
