import type { Explained, ExplainedRule } from './explained.js';

/** The way of a reading from the partition to the alerts, as a Mermaid flowchart. */
export const mermaidOf = ({ metrics, rules }: Explained): string => {
  const ids = new Map<string, string>();
  const node = (key: string): string => {
    const known = ids.get(key) ?? `n${ids.size}`;
    ids.set(key, known);
    return known;
  };
  const of = (kind: ExplainedRule['kind']): readonly ExplainedRule[] => rules.filter((rule) => rule.kind === kind);
  const lines = [
    'flowchart LR',
    '  partition[/"Kafka partition"/] --> door["parse, validate, transform"]',
    `  door --> check["check: ${of('check').length} rules"] --> watermark["dedupe, watermark"]`,
  ];
  for (const { name, unit, isDerived } of metrics) {
    lines.push(`  ${node(`metric ${name}`)}(["${label([name, unit])}"])`);
    if (!isDerived) lines.push(`  watermark --> ${node(`metric ${name}`)}`);
  }
  for (const { id, reads, does } of of('derive')) {
    for (const read of reads)
      lines.push(`  ${node(`metric ${read}`)} -- "${label([does])}" --> ${node(`metric ${id}`)}`);
  }
  for (const kind of ['window', 'detect'] as const) {
    const known = new Set<string>();
    for (const { id, reads, does } of of(kind)) {
      const own = node(`${kind} ${id}`);
      if (!known.has(id)) lines.push(`  ${own}["${label([kind, id, does])}"]`);
      known.add(id);
      for (const read of reads) lines.push(`  ${node(`metric ${read}`)} --> ${own}`);
    }
  }
  for (const { id, reads, does } of of('alert')) {
    const own = node(`alert ${id}`);
    lines.push(`  ${own}{{"${label(['alert', id, does])}"}}`);
    for (const read of reads) lines.push(`  ${node(sourceOf(read))} --> ${own}`);
  }
  return `${lines.join('\n')}\n`;
};

/** Where what an alert reads comes from: `minute.temperature.p95`, `odd(temperature)` or a metric. */
const sourceOf = (read: string): string => {
  const detection = /^(.+)\(.*\)$/.exec(read)?.[1];
  if (detection !== undefined) return `detect ${detection}`;
  const window = /^(.+)\.[A-Za-z0-9_]+\.[A-Za-z0-9_.]+$/.exec(read)?.[1];
  return window === undefined ? `metric ${read}` : `window ${window}`;
};

/** Mermaid reads quotes and brackets of HTML inside of texts. */
const label = (parts: readonly string[]): string =>
  parts
    .filter((part) => part !== '')
    .join(' · ')
    .replace(/[<>"&#`]/g, (character) => `#${character.codePointAt(0) ?? 0};`);
