/**
 * `node tools/bundle-command.js [DIST]`: writes what `bin/weir.js` runs, from the sources to `DIST/src/command`.
 *
 * The command in few files instead of 900: to find, read and link those was half of what starting costs. Programs that embed Weir
 * import the modules as `tsc` writes them. Nothing is shortened: a line of a stack trace is found in these files, under the name of the
 * source it came from, and `NODE_OPTIONS=--enable-source-maps` names the line of that source.
 */
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
/** As deep as modules that look for the page, the packs and the manifest beside them. */
const folder = join(resolve(root, process.argv[2] ?? 'dist'), 'src/command');

/** Socket.IO looks for its client script beside its own file. */
const clientScript = {
  name: 'client script of socket.io',
  setup({ onLoad, onResolve }) {
    onLoad({ filter: /node_modules\/socket\.io\/dist\/index\.js$/ }, ({ path }) => ({
      contents: readFileSync(path, 'utf8').replaceAll('__dirname', "path.dirname(require.resolve('socket.io'))"),
    }));
    onResolve({ filter: /^socket\.io$/ }, ({ kind, path }) =>
      kind === 'require-resolve' ? { path, external: true } : undefined,
    );
  },
};

rmSync(folder, { recursive: true, force: true });
const { metafile } = await build({
  absWorkingDir: root,
  entryPoints: ['src/cli/weir.ts'],
  outdir: folder,
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  sourcemap: true,
  sourcesContent: false,
  metafile: true,
  logLevel: 'warning',
  // kafkajs is changed by the file as it is loaded (src/sources/kafka/wire/patch.ts); zstd finds its WebAssembly beside itself.
  external: ['kafkajs', '@foxglove/wasm-zstd'],
  // What Node would choose holds 220 files and can't be taken apart.
  alias: { rxjs: join(root, 'node_modules/rxjs/dist/esm/index.js') },
  // CommonJS modules ask for Node's own ones. The bundler does not see these names: they must be nobody else's.
  banner: {
    js: "import { createRequire as requireBeside } from 'node:module';\nconst require = requireBeside(import.meta.url);",
  },
  plugins: [clientScript],
});

/** Whose code it holds, and under what terms. */
const packages = new Set(
  Object.keys(metafile.inputs).flatMap((path) => /^node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0] ?? []),
);
const terms = [...packages].sort().flatMap((path) =>
  readdirSync(join(root, path))
    .filter((name) => /^(licen[cs]e|copying|notice)/i.test(name))
    .map((name) => `${path.slice('node_modules/'.length)}\n\n${readFileSync(join(root, path, name), 'utf8').trim()}\n`),
);
writeFileSync(join(folder, 'third-party.txt'), terms.join(`\n${'─'.repeat(80)}\n\n`));
