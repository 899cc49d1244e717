/** Imports go one way: model <- state <- codecs <- stages <- operators <- pipeline <- src (house rules; see ARCHITECTURE.md). */
const only = (name, from, notTo, comment) => ({ name, severity: 'error', comment, from, to: notTo });
const driver = (lib, folder) =>
  only(
    `only-${folder.replace(/[^a-z]/g, '-')}-imports-${lib}`,
    { path: '^(src|streams|marbles)', pathNot: `^${folder}` },
    { path: `node_modules/${lib}/` },
    `${lib} has exactly one folder that imports it`,
  );
module.exports = {
  forbidden: [
    only('no-circular', {}, { circular: true }, 'no cycles'),
    only(
      'streams-is-pure',
      { path: '^streams/' },
      { pathNot: ['^streams/', 'node_modules/(rxjs|fp-ts|io-ts)/'] },
      'streams/ imports only itself, rxjs, fp-ts, io-ts',
    ),
    only(
      'model-is-a-leaf',
      { path: '^streams/model/' },
      { path: '^streams/', pathNot: '^streams/model/' },
      'model/ imports nothing of streams/',
    ),
    only(
      'state-below-codecs',
      { path: '^streams/state/' },
      { path: '^streams/(codecs|stages|operators|pipeline)' },
      'state/ knows only the model',
    ),
    only(
      'rules-are-types',
      { path: '^streams/rules/' },
      { path: '^streams/', pathNot: '^streams/(rules|model|detectors|statistics|windows/kinds)/' },
      'rules/ knows what it decides by, and not who does',
    ),
    only(
      'codecs-below-stages',
      { path: '^streams/codecs/' },
      { path: '^streams/(stages|operators|pipeline)' },
      'codecs/ below stages/',
    ),
    only(
      'stages-below-operators',
      { path: '^streams/stages/' },
      { path: '^streams/(operators|pipeline)' },
      'stages/ below operators/',
    ),
    only(
      'operators-stand-alone',
      { path: '^streams/operators/([^/]+)\\.ts$' },
      { path: '^streams/operators/', pathNot: '^streams/operators/$1\\.ts$' },
      'operators do not import each other',
    ),
    only(
      'detectors-stand-alone',
      { path: '^streams/detectors/' },
      { path: '^streams/', pathNot: '^streams/detectors/' },
      'detectors know numbers and times, nothing of records',
    ),
    only(
      'pipeline-is-the-top',
      { path: '^streams/(stages|operators)' },
      { path: '^streams/pipeline' },
      'nothing below imports the pipeline',
    ),
    only(
      'nobody-imports-main',
      { pathNot: '^(src/cli/|src/index|test/|bench/)' },
      { path: '^src/main\\.ts$' },
      'main.ts is the composition root',
    ),
    driver('kafkajs', 'src/sources/kafka'),
    driver('ioredis', 'src/sinks/redis'),
    driver('socket\\.io', 'src/sinks/socketio'),
    driver('prom-client', 'src/ops'),
    driver('pino', 'src/ops'),
    driver('yaml', 'src/config'),
    driver('@marcbachmann/cel-js', 'src/rules/cel'),
    driver('re2js', 'src/rules/cel'),
    driver('commander', 'src/cli'),
    driver('csv-parse', 'src/detect'),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(dist|coverage)' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
      mainFields: ['module', 'main', 'types'],
    },
  },
};
