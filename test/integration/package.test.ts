import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

/** The package as its users get it: built, packed, installed into an empty project, compiled against and run. */

const execute = promisify(execFile);
/** Without what this test's own surroundings say to vitest and to Weir. */
const env = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => /^(PATH|HOME|npm_config_\w+)$/i.test(name)),
);
const run = (file: string, args: readonly string[], { cwd }: { readonly cwd: string }) =>
  execute(file, [...args], { cwd, env });
const root = new URL('../..', import.meta.url).pathname;
const tsc = join(root, 'node_modules/typescript/bin/tsc');
const bundler = join(root, 'tools/bundle-command.js');
const slow = 300_000;

const leftOut = new Set(['node_modules', '.git', 'dist', 'coverage', '.cache']);

/** Everything in the repository and a fresh build, so that what is in the package is decided by its manifest alone. */
const packed = async (to: string): Promise<{ readonly file: string; readonly paths: readonly string[] }> => {
  const stage = join(to, 'stage');
  const isCopied = (path: string): boolean => !leftOut.has(path.slice(root.length).split('/')[0] ?? '');
  await cp(root, stage, { recursive: true, filter: isCopied });
  await run(process.execPath, [tsc, '-p', 'tsconfig.build.json', '--outDir', join(stage, 'dist')], { cwd: root });
  await run(process.execPath, [bundler, join(stage, 'dist')], { cwd: root });
  const { stdout } = await run('npm', ['pack', '--ignore-scripts', '--json', '--pack-destination', to], { cwd: stage });
  const [said] = JSON.parse(stdout) as [{ filename: string; files: { path: string }[] }];
  return { file: join(to, said.filename), paths: said.files.map(({ path }) => path) };
};

const program = `
import {
  createDataProcessor, defaultConfig, eachRecord, left, loadConfig, memory, open, PartitionState, right,
  type OwnOperator, type Rejection, type Stage, type Telemetry,
} from 'weir-stream';

const quiet: Stage<Telemetry, Telemetry> = (telemetry) => {
  const refused: Rejection = { _tag: 'bad_id', message: 'the loud one' };
  return telemetry.device.id === 'loud' ? left(refused) : right(telemetry);
};
const own: OwnOperator = () => eachRecord(quiet, 'quiet');
const processor = createDataProcessor({ own });
const value = (device: string): string =>
  JSON.stringify({ device_id: device, timestamp: new Date().toISOString(), temperature: 41 });
const [first, second] = processor.processBatch([{ value: value('d-1') }, { value: value('loud') }]);
const told = loadConfig({ env: {}, flags: [] });
console.log(JSON.stringify({
  first: first?.alerts.map(({ rule }) => rule),
  second: second?._tag === 'rejected' ? second.rejection.message : null,
  config: told._tag === 'Right' && told.right.config.kafka.topics,
  rest: [typeof memory, typeof open, typeof PartitionState, defaultConfig().http.port],
}));
`;

/** A marble test and the laws, for a stage of the user's. */
const tests = `
import { eachRecord, left, right, type Stage, type Telemetry } from 'weir-stream';
import { all, deadLetter, marbles, obeysStreamLaws } from 'weir-stream/testing';

const known: Stage<Telemetry, Telemetry> = (telemetry) =>
  telemetry.device.id === 'd1' ? right(telemetry) : left({ _tag: 'bad_id', message: 'not registered' });
const onlyD1 = () => eachRecord(known, 'known');

obeysStreamLaws(onlyD1, { runs: 5 });
marbles('turns away whom nobody registered', ({ cold, chunk, expectObservable }) => {
  const mine = chunk({ device: 'd1' });
  const source = cold(' -a-b-|', { a: mine, b: chunk({ device: 'd2' }) });
  const result = '      -a-L-|';

  expectObservable(source.pipe(onlyD1())).toBe(result, { a: mine, L: all(chunk(), deadLetter('bad_id')) });
});
marbles('says what is wrong', ({ cold, chunk, expectObservable }) => {
  const [a, b] = [chunk({ device: 'd1' }), chunk({ device: 'd2' })];
  expectObservable(cold('-a-|', { a: b }).pipe(onlyD1())).toBe('-a-|', { a });
});
`;

const compilerOptions = {
  ...{ strict: true, exactOptionalPropertyTypes: true, noUncheckedIndexedAccess: true, skipLibCheck: false },
  ...{ module: 'nodenext', target: 'es2022', types: ['node'], outDir: 'out' },
};

describe('the package', () => {
  let folder = '';
  let user = '';
  let paths: readonly string[] = [];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'weir-package-'));
    const { file, paths: all } = await packed(folder);
    paths = all;
    user = await mkdtemp(join(folder, 'user-'));
    await writeFile(join(user, 'package.json'), JSON.stringify({ private: true, type: 'module' }));
    const quick = ['--no-audit', '--no-fund', '--prefer-offline', '--ignore-scripts'];
    await run('npm', ['install', file, 'fast-check@4', ...quick], { cwd: user });
  }, slow);

  afterAll(() => rm(folder, { recursive: true, force: true }));

  test('holds what runs, the page, and what tells about it, and no tests', () => {
    expect(paths).toEqual(
      expect.arrayContaining([
        ...['bin/weir.js', 'dist/src/command/weir.js', 'dist/src/index.js', 'dist/src/index.d.ts', 'package.json'],
        'dist/src/command/third-party.txt',
        ...['dist/marbles/kit/index.js', 'src/page/index.html', 'src/page/main.js', 'src/page/page.css'],
        ...['LICENSE', 'docs/library.md', 'docs/records.md', 'examples/weir.yaml', 'packs/starter.rules.yaml'],
      ]),
    );
    const folders = new Set(
      paths.map((path) =>
        path
          .split('/')
          .slice(0, path.startsWith('dist') ? 2 : 1)
          .join('/'),
      ),
    );
    expect([...folders].filter((name) => !allowed.has(name))).toEqual([]);
    expect(paths.filter((path) => /\.test\.[jt]s|fixtures|node_modules/.test(path))).toEqual([]);
  });

  test(
    'compiles, with its own declarations checked, and runs in a strict TypeScript project',
    async () => {
      await writeFile(join(user, 'main.ts'), program);
      await writeFile(join(user, 'own.test.ts'), tests);
      await writeFile(join(user, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['*.ts'] }));
      const compiled = await run(process.execPath, [tsc, '-p', '.'], { cwd: user }).catch((error: unknown) => error);
      expect(compiled).toMatchObject({ stdout: '' });
      const { stdout } = await run(process.execPath, ['out/main.js'], { cwd: user });
      expect(JSON.parse(stdout)).toEqual({
        first: ['temperature-high'],
        second: 'the loud one',
        config: ['device-data'],
        rest: ['function', 'function', 'function', 8080],
      });
    },
    slow,
  );

  test(
    'brings the test kit, which runs on the runner that is there and finds what is wrong',
    async () => {
      const ended = run(process.execPath, ['--test', '--test-reporter=tap', 'out/own.test.js'], { cwd: user });
      const said: unknown = await ended.catch((error: unknown) => error);
      const { code, stdout } = said as { code: number; stdout: string };
      expect(code).toBe(1);
      expect(stdout).toContain('ok 1 - obeys the laws of streams:');
      expect(stdout).toContain('ok 2 - turns away whom nobody registered');
      expect(stdout).toContain('not ok 3 - says what is wrong');
      expect(stdout).toContain('# fail 1');
    },
    slow,
  );

  test(
    'brings the command',
    async () => {
      const weir = join(user, 'node_modules/.bin/weir');
      const { stdout } = await run(weir, ['--help'], { cwd: user });
      expect(stdout).toMatch(/^Usage: weir /);
      const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { version: string };
      expect((await run(weir, ['--version'], { cwd: user })).stdout.trim()).toBe(version);
      const config = await run(weir, ['config', 'print'], { cwd: user });
      expect(config.stdout).toContain('device-data');
    },
    slow,
  );

  test(
    'brings what the command serves: the page, and the script that the push is heard with',
    async () => {
      const args = [join(user, 'node_modules/weir-stream/bin/weir.js'), 'demo', '--http-port', '0', '--ops-port', '0'];
      const demo = spawn(process.execPath, args, { cwd: user, env, stdio: ['ignore', 'ignore', 'pipe'] });
      try {
        let said = '';
        demo.stderr.on('data', (text: Buffer) => (said += text.toString()));
        const url = (): string | undefined => /^ +page +(http\S+)$/m.exec(said)?.[1];
        await expect.poll(url, { timeout: 20_000 }).toBeDefined();
        const seen = await Promise.all(
          ['/', '/main.js', '/vendor/uplot/uPlot.esm.js', '/socket.io/socket.io.js'].map(async (path) => {
            const { status } = await fetch(new URL(path, url()));
            return status;
          }),
        );
        expect(seen).toEqual([200, 200, 200, 200]);
      } finally {
        demo.kill();
        await once(demo, 'exit');
      }
    },
    slow,
  );

  test(
    'serves its page from where it is installed',
    async () => {
      await writeFile(join(user, 'serve.js'), serving);
      const { stdout } = await run(process.execPath, ['serve.js'], { cwd: user });
      expect(JSON.parse(stdout)).toEqual({ page: 200, title: true, status: 'ready' });
    },
    slow,
  );
});

const allowed = new Set([
  ...['README.md', 'LICENSE', 'package.json', 'bin', 'docs', 'examples', 'packs', 'src'],
  ...['dist/src', 'dist/streams', 'dist/marbles'],
]);

const serving = `
import { defaultConfig, open } from 'weir-stream';
const config = defaultConfig();
const service = await open({
  kind: 'embedded',
  config: { ...config, http: { ...config.http, port: 0 }, ops: { ...config.ops, port: 0 }, log: { level: 'silent' } },
  demo: { devices: 3, ratePerSecond: 10, seed: 1 },
});
await service.start();
const page = await fetch(service.url);
const html = await page.text();
const { status } = await service.health();
await service.stop('seen');
console.log(JSON.stringify({ page: page.status, title: html.includes('<title>'), status }));
`;
