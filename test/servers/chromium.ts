import { findOnPath, runToEnd } from './commands.js';
import { installPackages, whyNoPackages } from './debian.js';
import { NotToBeHad, notOurs, reasonOf, type Part } from './part.js';

const names = [
  'chromium',
  'chromium-browser',
  'google-chrome',
  'google-chrome-stable',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

/** Found or installed; tests start it themselves. */
export const chromium = async (): Promise<Part> => {
  const given = process.env['CHROMIUM'];
  if (given !== undefined && given !== '') return found(given, 'from the environment (CHROMIUM)');
  const program = findOnPath(...names);
  if (program !== null) return found(program, 'on the path');
  await install();
  const installed = findOnPath(...names);
  if (installed === null) throw new NotToBeHad('Chromium', `Debian's package brought none`, next);
  return found(installed, `Debian's`);
};

const next = 'install Chromium or Google Chrome, or set CHROMIUM to the path of one';

const found = async (program: string, from: string): Promise<Part> => {
  const { code, output } = await runToEnd(program, ['--version'], { timeoutMs: 30_000 });
  if (code !== 0) throw new NotToBeHad('Chromium', `${program} --version failed: ${output}`, next);
  const version = /\d+(?:\.\d+)+/.exec(output)?.[0] ?? '(not told)';
  return { name: 'Chromium', version, address: program, from, env: { CHROMIUM: program }, stop: notOurs };
};

const install = async (): Promise<void> => {
  const tried = 'CHROMIUM is not set, there is none on the path';
  const reason = whyNoPackages();
  if (reason !== null) throw new NotToBeHad('Chromium', `${tried} and ${reason}`, next);
  try {
    await installPackages('chromium');
  } catch (error) {
    throw new NotToBeHad('Chromium', `${tried} and ${reasonOf(error)}`, next);
  }
};
