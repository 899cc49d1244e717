import { existsSync, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Detector, Tuned } from '../../streams/detectors/detector.js';
import { detectors } from '../../streams/detectors/registry.js';
import { type Reading, UnreadableSeries } from './reading.js';
import { scorer } from './score-series.js';

interface Compared {
  readonly detector: Detector;
  readonly tuned: Tuned;
}

/** A page holds all of a series, several times over. */
const mostReadings = 200_000;

/** Writes the page of a whole series: the chosen detector, and beside it all others as they are by themselves. Gives how many readings there are. */
export const writePage = async (
  file: string,
  series: AsyncIterable<Reading>,
  chosen: Compared,
  { threshold, to }: { threshold: number; to: string },
): Promise<number> => {
  const readings: Reading[] = [];
  for await (const reading of series) {
    readings.push(reading);
    if (readings.length > mostReadings)
      throw new UnreadableSeries(
        file,
        null,
        `a page holds ${mostReadings} readings at most: cut the file, or leave --html away`,
      );
  }
  const others = detectors
    .filter((detector) => detector !== chosen.detector)
    .map((detector) => ({ detector, tuned: detector.tuned(detector.settings.standard) }));
  const title = file === '-' ? 'standard input' : basename(file);
  await writeFile(to, pageOf(title, readings, [chosen, ...others], threshold));
  return readings.length;
};

/** What the page draws; arrays go by reading, null for what is not there. */
interface PageData {
  readonly title: string;
  readonly threshold: number;
  readonly chosen: string;
  readonly timestamps: readonly (string | number)[];
  readonly seconds: readonly number[];
  readonly values: readonly (number | null)[];
  readonly detectors: readonly {
    readonly name: string;
    readonly finds: string;
    readonly scores: readonly number[];
    readonly low: readonly (number | null)[];
    readonly high: readonly (number | null)[];
  }[];
}

/** One page with everything in it: nothing is fetched when it is opened. The chosen detector is first among those compared. */
const pageOf = (
  title: string,
  readings: readonly Reading[],
  compared: readonly Compared[],
  threshold: number,
): string => {
  const data: PageData = {
    title,
    threshold,
    chosen: compared[0]?.detector.name ?? '',
    timestamps: readings.map(({ timestamp }) => timestamp),
    seconds: readings.map(({ atMs }) => atMs / 1000),
    values: readings.map(({ value }) => short(value)),
    detectors: compared.map(({ detector, tuned }) => {
      const scored = readings.map(scorer(tuned));
      // A band of times can't be drawn beside values.
      const isOfValues = detector.band === undefined;
      return {
        name: detector.name,
        finds: detector.about.finds,
        scores: scored.map(({ score }) => Number(score.toFixed(4))),
        low: scored.map(({ low }) => (isOfValues ? short(low) : null)),
        high: scored.map(({ high }) => (isOfValues ? short(high) : null)),
      };
    }),
  };
  const uplot = dirname(createRequire(import.meta.url).resolve('uplot/dist/uPlot.iife.min.js'));
  const own = recordedFolder();
  const read = (folder: string, name: string): string => readFileSync(join(folder, name), 'utf8');
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(title)}</title>
<style>${read(uplot, 'uPlot.min.css')}${read(dirname(own), 'palette.css')}${read(own, 'page.css')}</style>
<main id="page"></main>
<script id="data" type="application/json">${JSON.stringify(data).replaceAll('<', '\\u003c')}</script>
<script>${read(uplot, 'uPlot.iife.min.js')}</script>
<script type="module">${read(own, 'page.js')}</script>
</html>
`;
};

/** Six digits are more than a chart shows. */
const short = (value: number): number | null => (Number.isFinite(value) ? Number(value.toPrecision(6)) : null);

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');

/** Script and style lie in `src/page/recorded`, seen from the sources and from what they compile to. */
const recordedFolder = (): string => {
  const here = dirname(fileURLToPath(import.meta.url));
  const beside = join(here, '..', 'page', 'recorded');
  return existsSync(beside) ? beside : join(here, '..', '..', '..', 'src', 'page', 'recorded');
};
