import { type Command, InvalidArgumentError } from 'commander';
import type { Fields } from '../replay/device-text.js';
import { fieldNames } from '../rules/fields.js';
import { exitCode } from './exit.js';
import { columns, out, outJson } from './output.js';
import { readTold, type ToldOptions, withConfigFlags } from './told.js';

interface ExplainFlags extends ToldOptions {
  readonly device?: string;
  readonly type?: string;
  readonly field: Fields;
  readonly mermaid?: boolean;
  readonly json?: boolean;
}

export const explain = async (path: string | undefined, flags: ExplainFlags): Promise<number> => {
  const json = flags.json === true;
  const told = await readTold(flags, { json });
  if (!told.isRight) return told.code;
  const {
    pipeline: door,
    rules: { path: configured },
  } = told.resolved.config;
  const [{ loadRules }, { unbundled }, { decodeTexts }, { Findings }] = await Promise.all([
    import('../rules/load.js'),
    import('../rules/texts.js'),
    import('../rules/decode.js'),
    import('../rules/findings.js'),
  ]);
  const loaded = loadRules(path ?? configured);
  if (loaded._tag === 'Left') {
    const { tellFaults, withMessages } = await import('./rule-faults.js');
    if (json) outJson({ faults: withMessages(loaded.left) });
    else tellFaults(loaded.left);
    return exitCode.config;
  }
  const { rules, text } = loaded.right;
  const decoded = decodeTexts(unbundled(text) ?? [], new Findings());
  const [{ explained, explainedDevice }, { sectionsOf }, { mermaidOf }] = await Promise.all([
    import('../explain/explained.js'),
    import('../explain/text.js'),
    import('../explain/mermaid.js'),
  ]);
  const fields = { ...flags.field, ...(flags.type !== undefined && { type: flags.type }) };
  const of =
    flags.device === undefined
      ? await explained(rules, decoded, door)
      : await explainedDevice(rules, decoded, { id: flags.device, fields }, door);
  if (json) outJson(of);
  else if (flags.mermaid === true) out(mermaidOf(of));
  else {
    const sections = sectionsOf(of, door);
    out(sections.map(({ heading, rows }) => `${heading}\n${columns(rows.map((row) => ['', ...row]))}`).join('\n'));
  }
  return exitCode.ok;
};

const withField = (text: string, before: Fields): Fields => {
  const at = text.indexOf('=');
  const name = fieldNames.find((each) => each === text.slice(0, at));
  if (name === undefined) throw new InvalidArgumentError(`Expected NAME=VALUE, NAME one of ${fieldNames.join(', ')}.`);
  return { ...before, [name]: text.slice(at + 1) };
};

export const describeExplain = (command: Command): Command =>
  withConfigFlags(command, ['rules'])
    .argument(
      '[rules]',
      'a file of rules, or a folder of *.rules.yaml (default: rules.path, or those that come with weir)',
    )
    .summary('the pipeline as it will run; asks nobody')
    .description(
      'Says what each step of the pipeline does and remembers, what each rule reads and for which devices it is, and how much a device remembers.',
    )
    .option('--device <id>', 'the rules as they are for one device')
    .option('--type <type>', 'its type')
    .option('--field <name=value>', 'what else it says of itself; may be given again', withField, {})
    .option('--mermaid', 'print the way of readings as a Mermaid flowchart')
    .option('--json', 'print as JSON')
    .addHelpText(
      'after',
      `
Examples:
  weir explain rules/
  weir explain rules/ --device fridge-1 --type fridge --field building=B1
  weir explain rules/ --mermaid > pipeline.mmd`,
    );
