import type { Random } from '../../src/simulator/random.js';
import { autocorrelated, count, heavy, isWeekend, wave } from './noise.js';
import type { AnomalyKind } from './series.js';

export interface Family {
  readonly name: string;
  readonly minutes: number;
  readonly readings: readonly [least: number, most: number];
  readonly anomalies: readonly [least: number, most: number];
  readonly kinds: readonly AnomalyKind[];
  /** Gives the normal value at each index, remembering what it needs; drawn anew for each series. */
  readonly normal: (random: Random, perDay: number) => (i: number) => number;
}

const general: readonly AnomalyKind[] = ['level shift', 'spike', 'variance change', 'slow ramp'];

/** The kinds of series that machines, networks, people and sensors make. */
export const families: readonly Family[] = [
  {
    name: 'cpu with noise',
    minutes: 5,
    readings: [3_000, 5_000],
    anomalies: [1, 3],
    kinds: [...general, 'drift', 'dip'],
    normal: (random) => {
      const level = random.between(2, 60);
      const noise = autocorrelated(random, random.between(0, 0.8));
      const size = level * random.between(0.01, 0.15);
      const digits = random.next() < 0.5 ? 10 : 1_000;
      return () => Math.max(0, Math.round((level + size * noise()) * digits) / digits);
    },
  },
  {
    name: 'near constant with rare spikes',
    minutes: 5,
    readings: [3_000, 5_000],
    anomalies: [1, 3],
    kinds: ['level shift', 'burst', 'spike', 'variance change'],
    normal: (random) => {
      const level = random.between(0.05, 3);
      const quantum = random.next() < 0.5 ? 0.002 : 0.066;
      const rare = random.between(0.0005, 0.004);
      return () => {
        const spike = random.next() < rare ? level * random.between(0.3, 2) : 0;
        return Math.round((level + spike + quantum * Math.round(random.normal() * 0.6)) / quantum) * quantum;
      };
    },
  },
  {
    name: 'bytes in bursts',
    minutes: 5,
    readings: [3_000, 5_000],
    anomalies: [1, 3],
    kinds: ['level shift', 'burst', 'spike', 'stuck', 'variance change'],
    normal: (random) => {
      const base = 10 ** random.between(4, 7);
      const tail = random.between(1.6, 3);
      const every = random.whole(30, 150);
      const isRegular = random.next() < 0.5;
      return (i) => {
        const due = isRegular ? i % every < 2 : random.next() < 1 / every;
        return Math.round(base * (1 + 0.1 * random.normal() ** 2) * (due ? 1 + 3 * heavy(random, tail) : 1));
      };
    },
  },
  {
    name: 'latency with a daily season',
    minutes: 5,
    readings: [3_500, 6_000],
    anomalies: [1, 3],
    kinds: [...general, 'dip', 'period change'],
    normal: (random, perDay) => {
      const level = random.between(30, 60);
      const phase = random.between(0, 6);
      const noise = autocorrelated(random, 0.4);
      const size = random.between(0.5, 4);
      return (i) => level * (1 + 0.25 * wave(i, perDay, phase) + (isWeekend(i, perDay) ? -0.1 : 0)) + size * noise();
    },
  },
  {
    name: 'demand by day and week',
    minutes: 30,
    readings: [6_000, 10_500],
    anomalies: [3, 6],
    kinds: ['dip', 'dip', 'level shift', 'period change'],
    normal: (random, perDay) => {
      const level = random.between(5_000, 20_000);
      const noise = autocorrelated(random, 0.7);
      return (i) => {
        const day = 1 + 0.55 * wave(i, perDay) + 0.25 * wave(2 * i, perDay, 1);
        const weekend = isWeekend(i, perDay) ? 1 + 0.2 * wave(i, perDay, 2) : 1;
        return Math.max(0, Math.round(level * day * weekend * (1 + 0.05 * noise())));
      };
    },
  },
  {
    name: 'machine temperature',
    minutes: 5,
    readings: [8_000, 20_000],
    anomalies: [2, 4],
    kinds: ['dip', 'drift', 'slow ramp', 'level shift'],
    normal: (random) => {
      const slow = autocorrelated(random, 0.9995);
      const quick = autocorrelated(random, 0.97);
      return () => 85 + 6 * slow() + 1.5 * quick() + 0.3 * random.normal();
    },
  },
  {
    name: 'ambient temperature by the hour',
    minutes: 60,
    readings: [5_000, 7_500],
    anomalies: [1, 3],
    kinds: ['level shift', 'dip', 'drift', 'slow ramp'],
    normal: (random, perDay) => {
      const slow = autocorrelated(random, 0.995);
      return (i) => 71 + 2.5 * slow() + 1.2 * wave(i, perDay) + 0.5 * random.normal();
    },
  },
  {
    name: 'counts of mentions',
    minutes: 5,
    readings: [14_000, 16_000],
    anomalies: [2, 4],
    kinds: ['burst'],
    normal: (random, perDay) => {
      const mean = 10 ** random.between(0.5, 2);
      const swing = random.between(0.2, 0.7);
      const tail = random.between(1.8, 3);
      let echo = 0;
      return (i) => {
        if (random.next() < 0.01) echo = mean * (heavy(random, tail) - 0.5);
        echo *= 0.6;
        const day = 1 + swing * wave(i, perDay);
        return count(random, mean * day * (0.8 + 0.4 * random.next()) + echo);
      };
    },
  },
  {
    name: 'speed and travel time of a road',
    minutes: 10,
    readings: [1_100, 2_500],
    anomalies: [1, 3],
    kinds: ['dip', 'burst', 'level shift', 'spike'],
    normal: (random, perDay) => {
      const level = random.between(60, 90);
      const noise = autocorrelated(random, 0.5);
      return (i) => {
        const rush = Math.max(0, wave(i, perDay) + wave(2 * i, perDay, 1) - 0.8) * (isWeekend(i, perDay) ? 0.2 : 1);
        const jam = random.next() < 0.01 ? random.between(5, 25) : 0;
        return Math.max(0, Math.round(level - 15 * rush - jam + 4 * noise()));
      };
    },
  },
  {
    name: 'clicks and their price',
    minutes: 60,
    readings: [1_500, 1_700],
    anomalies: [1, 2],
    kinds: ['burst', 'spike', 'level shift'],
    normal: (random, perDay) => {
      const level = random.between(0.05, 1);
      const spread = random.between(0.15, 0.6);
      const swing = random.between(0, 0.4);
      const slow = autocorrelated(random, 0.98);
      return (i) => level * (1 + swing * wave(i, perDay)) * Math.exp(spread * (0.5 * random.normal() + 0.4 * slow()));
    },
  },
  {
    name: 'drawn days',
    minutes: 5,
    readings: [4_032, 4_032],
    anomalies: [1, 1],
    kinds: ['dip', 'burst', 'level shift', 'stuck', 'period change', 'variance change'],
    normal: (random, perDay) => {
      const noise = random.between(0.5, 5);
      const low = random.between(10, 30);
      const high = low + random.between(30, 60);
      return (i) => {
        const hour = (24 * (i % perDay)) / perDay;
        return (hour >= 9 && hour < 18 ? high : low) + noise * random.next();
      };
    },
  },
  {
    name: 'regimes',
    minutes: 5,
    readings: [4_000, 7_000],
    anomalies: [1, 4],
    kinds: ['variance change', 'spike', 'stuck', 'burst', 'gap'],
    normal: (random) => {
      let level = random.between(10, 100);
      const noise = autocorrelated(random, 0.5);
      return () => {
        if (random.next() < 1 / 1_500) level *= random.between(0.7, 1.4);
        return level * (1 + 0.03 * noise());
      };
    },
  },
  {
    name: 'idle with work now and then',
    minutes: 5,
    readings: [2_000, 5_500],
    anomalies: [1, 3],
    kinds: ['burst', 'level shift', 'variance change', 'spike'],
    normal: (random) => {
      const starts = random.between(0.003, 0.05);
      const ends = random.between(0.1, 0.6);
      const size = 10 ** random.between(0, 5);
      const rest = random.next() < 0.5 ? 0 : size * 0.05;
      let isBusy = false;
      return () => {
        isBusy = random.next() < (isBusy ? 1 - ends : starts);
        return isBusy ? size * Math.exp(0.4 * random.normal()) : rest;
      };
    },
  },
  {
    name: 'batches',
    minutes: 5,
    readings: [3_500, 5_000],
    anomalies: [1, 3],
    kinds: ['dip', 'level shift', 'stuck', 'burst', 'period change'],
    normal: (random, perDay) => {
      const every = random.next() < 0.5 ? perDay : random.whole(20, 200);
      const lasts = Math.max(2, Math.round(every * random.between(0.05, 0.4)));
      const low = random.between(1, 20);
      const high = low * random.between(1.5, 5);
      const noise = random.between(0.01, 0.1);
      return (i) => (i % every < lasts ? high : low) * (1 + noise * random.normal());
    },
  },
  {
    name: 'nothing wrong',
    minutes: 5,
    readings: [4_032, 4_032],
    anomalies: [0, 0],
    kinds: ['spike'],
    normal: (random, perDay) => {
      const shape = random.whole(0, 3);
      const noise = random.next() < 0.5 ? 0 : random.between(0.1, 3);
      const square = (i: number): number => (i % perDay < perDay / 3 ? 80 : 20);
      return (i) => {
        const base = shape === 0 ? 45 : shape === 1 ? square(i) : shape === 2 ? 50 + 30 * wave(i, perDay) : 20;
        return base + noise * random.normal();
      };
    },
  },
];
