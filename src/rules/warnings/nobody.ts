import { areApart } from '../compile/selectors.js';
import type { Decoded } from '../decode.js';
import type { SectionName } from '../document/document.js';
import type { MatchDoc } from '../document/match.js';
import type { Entry, Findings } from '../findings.js';
import { GivenTags } from './given-tags.js';

export type Matched = Entry<{ readonly match: MatchDoc | null }>;

export const matchedSections = [
  'validate',
  'derive',
  'windows',
  'detect',
  'alerts',
] as const satisfies readonly SectionName[];

/** Rules and groups that ask for a tag that no device can have. */
export const warnOfNobody = ({ sections }: Decoded, findings: Findings): void => {
  const groups = sections.devices;
  const asking = new TagsAsked(new GivenTags(groups), findings);
  for (const [index, entry] of groups.entries()) asking.judge(entry, index);
  for (const section of matchedSections)
    for (const entry of sections[section] as readonly Matched[]) asking.judge(entry, groups.length);
};

/** Beyond so many comparisons of tags nobody is told any more which one may have been meant: thousands of wrong ones among thousands take minutes. */
const mostGuesses = 1_000_000;

/** More names than these are only counted. */
const mostNames = 12;

/** What rules ask of tags, held against what groups give. */
class TagsAsked {
  private guesses = 0;

  constructor(
    private readonly given: GivenTags,
    private readonly findings: Findings,
  ) {}

  /** Only the first `above` groups give tags to what is judged. */
  judge({ value: { match }, place }: Matched, above: number): void {
    if (match === null || match.tag === null) return;
    const apart: string[] = [];
    for (const giver of this.given.giversOf(match.tag, above)) {
      if (giver.match === null || !areApart(giver.match, match)) return;
      apart.push(giver.id);
    }
    if (apart.length === 0) this.warnOfNoGiver(match.tag, place, above);
    else {
      const why = `no device can match: the group that gives the tag (${counted(apart)}) is for other devices`;
      this.findings.warn(place, ['match'], why);
    }
  }

  private warnOfNoGiver([found]: readonly string[], place: Matched['place'], above: number): void {
    const tags = this.given.tagsOf(above);
    this.guesses += tags.length;
    this.findings.warn(place, ['match', 'tag'], 'no device can match: no group gives such a tag', {
      found,
      ...(this.guesses > mostGuesses ? {} : { among: tags }),
      ...(tags.length === 0 || tags.length > mostNames ? {} : { expected: tags.join(', ') }),
    });
  }
}

const counted = (names: readonly string[]): string =>
  names.length <= mostNames
    ? names.join(', ')
    : `${names.slice(0, mostNames).join(', ')} and ${names.length - mostNames} more`;
