import { userInfo } from 'node:os';
import { type Command, Option } from 'commander';
import { exitCode } from './exit.js';
import { whole } from './numbers.js';
import { columns, err, out, outJson } from './output.js';

interface AlertFlags {
  readonly url: string;
  readonly json?: boolean;
}
interface ListFlags extends AlertFlags {
  readonly state: string;
  readonly limit: number;
}
interface DeedFlags extends AlertFlags {
  readonly by: string;
  readonly comment?: string;
  readonly for?: string;
  readonly to?: string;
  readonly nobody?: boolean;
}

/** What the API gives of an alert, as far as it is shown here. */
interface Listed {
  readonly id: string;
  readonly rule: string;
  readonly device: string;
  readonly severity: string;
  readonly state: string;
  readonly message: string;
  readonly raisedAtMs: number;
  readonly care?: {
    readonly acknowledged: { readonly by: string } | null;
    readonly shelved: { readonly untilMs: number } | null;
    readonly assignee: string | null;
  };
}

/** Asks the API of a running service. Gives its answer, or null after having said why there is none. */
const asked = async <A>(flags: AlertFlags, path: string, body?: object): Promise<A | null> => {
  const url = new URL(path, flags.url);
  try {
    const response = await fetch(url, {
      ...(body !== undefined && {
        method: 'POST',
        body: JSON.stringify(body),
        headers: { 'content-type': 'application/json' },
      }),
      signal: AbortSignal.timeout(15_000),
    });
    const answer = (await response.json()) as A & { readonly error?: { readonly message: string } };
    if (response.ok) return answer;
    err(`weir: ${answer.error?.message ?? `the service answered ${response.status}`}\n`);
  } catch (error) {
    const why = error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error);
    err(`weir: ${url.origin} does not answer as weir does (${why}); say where the service is with --url or WEIR_URL\n`);
  }
  return null;
};

const listAlerts = async (flags: ListFlags): Promise<number> => {
  const query = new URLSearchParams({
    limit: String(flags.limit),
    ...(flags.state !== 'all' && { state: flags.state }),
  });
  const answer = await asked<{ readonly alerts: readonly Listed[] }>(flags, `/api/v1/alerts?${query.toString()}`);
  if (answer === null) return exitCode.fault;
  if (flags.json === true) outJson(answer);
  else if (answer.alerts.length === 0) out('no such alerts\n');
  else out(columns([['SEVERITY', 'STATE', 'RAISED', 'CARE', 'ID', 'MESSAGE'], ...answer.alerts.map(row)]));
  return exitCode.ok;
};

const row = ({ severity, state, raisedAtMs, care, id, message }: Listed): readonly string[] => [
  severity,
  state,
  new Date(raisedAtMs).toISOString(),
  careOf(care),
  id,
  message,
];

const careOf = (care: Listed['care']): string => {
  const said = [
    care?.acknowledged != null && `ack ${care.acknowledged.by}`,
    care?.shelved != null && `shelved until ${new Date(care.shelved.untilMs).toISOString()}`,
    care?.assignee != null && `of ${care.assignee}`,
  ];
  return said.filter(Boolean).join(', ') || '-';
};

type Deed = 'acknowledge' | 'shelve' | 'unshelve' | 'assign' | 'comment';

const done =
  (deed: Deed) =>
  async (id: string, flags: DeedFlags): Promise<number> => {
    const { by, comment, for: duration, to, nobody } = flags;
    const body = {
      by,
      ...(comment !== undefined && { comment }),
      ...(duration !== undefined && { for: duration }),
      ...(deed === 'assign' && { to: nobody === true ? null : to }),
    };
    const answer = await asked<Listed>(flags, `/api/v1/alerts/${encodeURIComponent(id)}/${deed}`, body);
    if (answer === null) return exitCode.fault;
    if (flags.json === true) outJson(answer);
    else out(columns([row(answer)]));
    return exitCode.ok;
  };

const userName = (): string => {
  try {
    return userInfo().username;
  } catch {
    return 'nobody';
  }
};

const withUrl = (command: Command): Command =>
  command
    .addOption(new Option('--url <url>', 'where the service is').env('WEIR_URL').default('http://127.0.0.1:8080'))
    .option('--json', 'print what the service answers as JSON');

/** `weir alerts …`: `action` wraps what a command does. */
export const describeAlerts = (
  command: Command,
  action: <A extends unknown[]>(work: (...args: A) => Promise<number>) => (...args: A) => Promise<void>,
): Command => {
  command
    .summary('list alerts; acknowledge, shelve, assign, comment on them')
    .description('What a running service says of alerts, and what people do to them. Asks its HTTP API.')
    .addHelpText(
      'after',
      `
Examples:
  weir alerts list
  weir alerts ack temperature-high@device_0001@device-data-0-4711 --by ada
  weir alerts shelve temperature-high@device_0001@device-data-0-4711 --for 2h --comment 'cleaning'`,
    );
  withUrl(command.command('list'))
    .summary('alerts, the newest first')
    .addOption(
      new Option('--state <state>', 'which ones')
        .choices(['open', 'active', 'recovering', 'cleared', 'all'])
        .default('open'),
    )
    .option('--limit <count>', 'at most so many', whole(1, 1000), 100)
    .action(action(listAlerts));
  const deed = (name: string, what: Deed, summary: string): Command =>
    withUrl(command.command(name))
      .summary(summary)
      .argument('<id>', 'of the alert, as listed')
      .option('--by <name>', 'who does it', userName())
      .option('--comment <text>', 'why')
      .action(action(done(what)));
  deed('ack', 'acknowledge', 'say that it was seen');
  deed('shelve', 'shelve', 'keep it from people for a while').requiredOption('--for <duration>', 'how long, e.g. 2h');
  deed('unshelve', 'unshelve', 'take that back');
  deed('assign', 'assign', 'make it somebody’s')
    .addOption(new Option('--to <name>', 'whose it is'))
    .addOption(new Option('--nobody', 'nobody’s any more').conflicts('to'))
    .hook('preAction', (said) => {
      const { to, nobody } = said.opts<DeedFlags>();
      if (to === undefined && nobody !== true) said.error('error: say whose it is with --to, or --nobody');
    });
  deed('comment', 'comment', 'say something about it').hook('preAction', (said) => {
    if (said.opts<DeedFlags>().comment === undefined) said.error("error: say it with --comment '…'");
  });
  return command;
};
