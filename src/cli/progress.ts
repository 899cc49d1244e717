import { err } from './output.js';

export interface Progress {
  /** `total` is null while nobody knows how many it will be. */
  update(done: number, total: number | null): void;
  stop(): void;
}

const silent: Progress = { update: () => undefined, stop: () => undefined };

/** A bar on a terminal; a line now and then elsewhere, so that a log file stays readable. On standard error in both cases. */
export const openProgress = async ({
  isTerminal,
  isQuiet,
}: {
  readonly isTerminal: boolean;
  readonly isQuiet: boolean;
}): Promise<Progress> => {
  if (isQuiet) return silent;
  return isTerminal ? bar() : lines();
};

const bar = async (): Promise<Progress> => {
  const { SingleBar, Presets } = (await import('cli-progress')).default;
  const open = new SingleBar(
    {
      stream: process.stderr,
      hideCursor: true,
      format: (_options, { value, total }, payload: { bounded?: boolean; startedAt?: number }) => {
        const seconds = (performance.now() - (payload.startedAt ?? 0)) / 1_000;
        const rate = seconds > 0 ? Math.round(value / seconds) : 0;
        const of = payload.bounded === true ? ` of ${total}` : '';
        const share = payload.bounded === true && total > 0 ? Math.min(1, value / total) : 0;
        const drawn = payload.bounded === true ? `${'█'.repeat(Math.round(share * 30)).padEnd(30, '░')} ` : '';
        return `${drawn}${value}${of} records, ${rate}/s, ${seconds.toFixed(0)} s`;
      },
    },
    Presets.shades_classic,
  );
  const startedAt = performance.now();
  open.start(1, 0, { bounded: false, startedAt });
  return {
    update: (done, total) => {
      if (total !== null) open.setTotal(total);
      open.update(done, { bounded: total !== null, startedAt });
    },
    stop: () => open.stop(),
  };
};

/** Between two lines. */
const quietMs = 5_000;

const lines = (): Progress => {
  let saidAt = performance.now();
  return {
    update: (done, total) => {
      if (performance.now() - saidAt < quietMs) return;
      saidAt = performance.now();
      err(`${done}${total === null ? '' : ` of ${total}`} records\n`);
    },
    stop: () => undefined,
  };
};
