/**
 * `node tools/bundle-command.js [DIST]`: writes what `bin/weir.js` runs, from the sources to `DIST/src/command`.
 *
 * The command in few files instead of 900: to find, read and link those was half of what starting costs. Programs that embed Weir
 * import the modules as `tsc` writes them. Nothing is shortened: a line of a stack trace is found in these files, under the name of the
 * source it came from, and `NODE_OPTIONS=--enable-source-maps` names the line of that source.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
// It leaves `const` as it is at the top of a module. As `var`, what hot loops look at is no constant to V8: checksums took half as long again.
import { build } from 'rolldown';

const root = fileURLToPath(new URL('..', import.meta.url));
/** As deep as modules that look for the page, the packs and the manifest beside them. */
const folder = join(resolve(root, process.argv[2] ?? 'dist'), 'src/command');

/** Socket.IO looks for its client script beside its own file. */
const clientScript = {
  name: 'client script of socket.io',
  transform: {
    filter: { id: /node_modules\/socket\.io\/dist\/index\.js$/ },
    handler: (code) => ({
      code: code.replaceAll('__dirname', "path.dirname(require.resolve('socket.io'))"),
      map: null,
    }),
  },
};

const { output } = await build({
  cwd: root,
  input: { weir: 'src/cli/weir.ts' },
  platform: 'node',
  // kafkajs is changed by the file as it is loaded (src/sources/kafka/wire/patch.ts); zstd finds its WebAssembly beside itself.
  external: ['kafkajs', '@foxglove/wasm-zstd'],
  // What Node would choose holds 220 files and can't be taken apart.
  resolve: { alias: { rxjs: join(root, 'node_modules/rxjs/dist/esm/index.js') } },
  plugins: [clientScript],
  output: { dir: folder, format: 'esm', sourcemap: true, cleanDir: true },
});

/** Whose code it holds, and under what terms. */
const packages = new Set(
  output
    .flatMap((file) => (file.type === 'chunk' ? file.moduleIds : []))
    .flatMap((path) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? []),
);
const terms = [...packages].sort().flatMap((name) => {
  const home = join(root, 'node_modules', name);
  return readdirSync(home)
    .filter((file) => /^(licen[cs]e|copying|notice)/i.test(file))
    .map((file) => `${name}\n\n${readFileSync(join(home, file), 'utf8').trim()}\n`);
});
writeFileSync(join(folder, 'third-party.txt'), terms.join(`\n${'─'.repeat(80)}\n\n`));
