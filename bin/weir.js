#!/usr/bin/env node
import { existsSync } from 'node:fs';

const program = new URL('../dist/src/command/weir.js', import.meta.url);

if (existsSync(program)) await import(program.href);
else {
  console.error(
    'weir: not built yet, dist/ is missing: run "npm run build" first (or "npm run weir --", which needs no build)',
  );
  process.exitCode = 1;
}
