import type { Quality } from '../model/telemetry.js';

/** What the status words of devices and sensors say of their readings. A word that is not listed is `uncertain`. */
const words: ReadonlyMap<string, Quality> = new Map([
  ['online', 'good'],
  ['normal', 'good'],
  ['active', 'good'],
  ['on', 'good'],
  ['off', 'good'],
  ['正常', 'good'],
  ['maintenance', 'uncertain'],
  ['warning', 'uncertain'],
  ['警告', 'uncertain'],
  ['error', 'bad'],
  ['offline', 'bad'],
  ['故障', 'bad'],
]);

/** Of no word at all nothing bad is thought. */
export const qualityOf = (status: string | null | undefined): Quality =>
  status === null || status === undefined || status === '' ? 'good' : (words.get(status) ?? 'uncertain');

export const worse = (a: Quality, b: Quality): Quality =>
  a === 'bad' || b === 'good' ? a : b === 'bad' ? b : 'uncertain';
