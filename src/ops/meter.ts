import type { Tally } from '../../streams/model/chunk.js';
import type { Report } from '../events.js';
import type { Meter, SettledStep } from '../ports.js';
import { watchEventLoop, type EventLoopLag } from './event-loop.js';
import { registerGauges, type Watched } from './gauges.js';
import { instruments, type Instruments } from './instruments.js';
import { errorCodes, eventLevels, rejectionReasons, skipReasons } from './reasons.js';
import { addTally, noCounts, slidingRates, type Rates } from './sliding-rates.js';

export interface MeterOptions {
  /** Of the service. */
  readonly version: string;
  /** Their counters exist, at 0, from the start. */
  readonly topics: readonly string[];
  /** Monotonic clock, ms; `performance.now` by default. */
  readonly nowMs?: () => number;
}

export interface ServiceMeter extends Meter {
  /** Counts an event; logging it is the report's part. */
  readonly happened: Report;
  /** Where gauges are read at each scrape; before this is called they are 0 or absent. */
  watch(watched: Watched): void;
  rates(): Rates;
  /** What became of the records settled by this process, per topic. */
  totals(): Readonly<Record<string, Tally>>;
  eventLoopLag(): EventLoopLag;
  readonly contentType: string;
  /** The metrics in Prometheus' text format. */
  scrape(): Promise<string>;
  /** Names of all metrics. */
  names(): readonly string[];
  close(): void;
}

/** Counts what is settled and what happens. Label sets are closed lists, topics and assigned partitions: never a device. */
export const createMeter = (options: MeterOptions): ServiceMeter => {
  const meters = instruments(options);
  const { settled, totals } = stepCounter(meters, options.topics);
  const happened = eventCounter(meters, options.topics);
  const sliding = slidingRates(options.nowMs ?? (() => performance.now()));
  const eventLoop = watchEventLoop();
  let watched: Watched | null = null;
  registerGauges(
    meters.registry,
    () => watched,
    () => eventLoop.lag(),
  );

  return {
    settled(step) {
      settled(step);
      sliding.add(step.tally);
    },
    happened,
    watch(at) {
      watched = at;
    },
    rates: () => sliding.rates(),
    totals,
    eventLoopLag: () => eventLoop.lag(),
    contentType: meters.registry.contentType,
    scrape: () => meters.registry.metrics(),
    names: () => meters.registry.getMetricsAsArray().map(({ name }) => name),
    close() {
      eventLoop.stop();
    },
  };
};

type TopicChildren = ReturnType<typeof topicChildren>;

const topicChildren = ({ consumed, read, records }: Instruments, topic: string) => {
  const children = {
    sum: noCounts(),
    consumed: consumed.labels({ topic }),
    read: read.labels({ topic }),
    counted: records.labels({ topic, outcome: 'counted' }),
    duplicate: records.labels({ topic, outcome: 'duplicate' }),
    late: records.labels({ topic, outcome: 'late' }),
    dead: records.labels({ topic, outcome: 'dead' }),
    skipped: records.labels({ topic, outcome: 'skipped' }),
  };
  addToChildren(children, noCounts());
  return children;
};

const addToChildren = (children: Omit<TopicChildren, 'sum'>, tally: Tally): void => {
  children.consumed.inc(tally.read);
  children.read.inc(tally.read);
  children.counted.inc(tally.counted);
  children.duplicate.inc(tally.duplicate);
  children.late.inc(tally.late);
  children.dead.inc(tally.dead);
  children.skipped.inc(tally.skipped);
};

const stepCounter = (meters: Instruments, topics: readonly string[]) => {
  const ofTopic = new Map(topics.map((topic) => [topic, topicChildren(meters, topic)]));
  for (const reason of rejectionReasons) meters.rejections.labels({ reason }).inc(0);
  for (const reason of skipReasons) meters.skips.labels({ reason }).inc(0);

  const settled = (step: SettledStep): void => {
    const { topic } = step.source;
    const children = ofTopic.get(topic) ?? topicChildren(meters, topic);
    ofTopic.set(topic, children);
    addTally(children.sum, step.tally);
    addToChildren(children, step.tally);
    for (const [reason, count] of step.reasons) {
      if (rejectionReasons.has(reason)) meters.rejections.labels({ reason }).inc(count);
      else meters.skips.labels({ reason: skipReasons.has(reason) ? reason : 'other' }).inc(count);
    }
    for (const [rule, count] of step.ruleFaults) meters.ruleFaults.labels({ rule }).inc(count);
    for (const seconds of step.chunkSeconds) meters.processing.observe(seconds);
    meters.commit.observe(step.commitSeconds);
    // Clocks of producer and host may disagree.
    if (step.eventToPushSeconds !== null) meters.eventToPush.observe(Math.max(0, step.eventToPushSeconds));
  };
  const totals = (): Record<string, Tally> =>
    Object.fromEntries([...ofTopic].map(([topic, { sum }]) => [topic, { ...sum }]));
  return { settled, totals };
};

const eventCounter = (meters: Instruments, topics: readonly string[]): Report => {
  for (const topic of topics) meters.lost.labels({ topic }).inc(0);
  for (const code of errorCodes) meters.errors.labels({ code }).inc(0);
  for (const [event, level] of Object.entries(eventLevels)) {
    meters.events.labels({ event }).inc(0);
    if (level === 'error' && event !== 'fault') meters.errors.labels({ code: event }).inc(0);
  }

  return (event) => {
    meters.events.labels({ event: event._tag }).inc();
    if (event._tag === 'group_joined') meters.rebalances.inc();
    if (event._tag === 'data_loss') meters.lost.labels({ topic: event.source.topic }).inc(event.records);
    if (event._tag === 'fault') {
      meters.errors.labels({ code: errorCodes.has(event.code) ? event.code : 'internal' }).inc();
    } else if (eventLevels[event._tag] === 'error') {
      meters.errors.labels({ code: event._tag }).inc();
    }
  };
};
