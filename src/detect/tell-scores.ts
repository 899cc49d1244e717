import type { Tuned } from '../../streams/detectors/detector.js';
import type { Lines } from './lines.js';
import type { Reading } from './reading.js';
import { scorer } from './score-series.js';

export interface Told {
  readonly readings: number;
  /** Stretches of neighbouring readings at or above the threshold. */
  readonly findings: number;
}

export interface Telling {
  readonly threshold: number;
  /** Written before the first line; not at all when there is none. */
  readonly header: string;
  readonly lineOf: Lines;
  readonly write: (text: string) => Promise<void>;
}

/** Characters that are written at once. */
const together = 65_536;

/** Scores readings as they come, one line each, and waits for whoever reads the lines. */
export const tellScores = async (
  series: AsyncIterable<Reading>,
  tuned: Tuned,
  { threshold, header, lineOf, write }: Telling,
): Promise<Told> => {
  const score = scorer(tuned);
  let readings = 0;
  let findings = 0;
  let wasFinding = false;
  let text = '';
  try {
    for await (const reading of series) {
      const scored = score(reading);
      const isFinding = scored.score >= threshold;
      if (readings === 0) text = header;
      readings += 1;
      if (isFinding && !wasFinding) findings += 1;
      wasFinding = isFinding;
      text += lineOf(scored, isFinding);
      if (text.length < together) continue;
      await write(text);
      text = '';
    }
  } finally {
    // Also what came before a row that can't be read.
    await write(text);
  }
  return { readings, findings };
};
