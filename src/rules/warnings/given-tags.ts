import { isLiteral } from '../compile/selectors.js';
import type { GroupDoc } from '../document/devices.js';
import type { Entry } from '../findings.js';
import { globMatches } from '../glob.js';

/** Which groups give which tags. Looked up by tag: there may be thousands of groups, and thousands of rules that ask for what one of them gives. */
export class GivenTags {
  /** Places of groups by the tag that they give, both in the order of the file. */
  private readonly givers = new Map<string, number[]>();
  /** How many tags the groups above each group give together. */
  private readonly before: number[] = [];

  constructor(private readonly groups: readonly Entry<GroupDoc>[]) {
    for (const [place, { value }] of groups.entries()) {
      this.before.push(this.givers.size);
      for (const tag of new Set(value.tags)) this.add(tag, place);
    }
  }

  /** Those of the first `above` groups that give a tag that one of the globs describes, in their order, and no sooner than they are asked for. */
  *giversOf(globs: readonly string[], above: number): Iterable<GroupDoc> {
    for (const place of this.placesOf(globs)) {
      const group = this.groups[place];
      if (place >= above || group === undefined) return;
      yield group.value;
    }
  }

  /** Tags that the first `above` groups give. */
  tagsOf(above: number): readonly string[] {
    return [...this.givers.keys()].slice(0, this.before[above]);
  }

  private add(tag: string, place: number): void {
    const known = this.givers.get(tag);
    if (known === undefined) this.givers.set(tag, [place]);
    else known.push(place);
  }

  private placesOf(globs: readonly string[]): readonly number[] {
    const [first = [], ...others] = globs.flatMap((glob) => this.placesByTag(glob));
    return others.length === 0 ? first : [...new Set([first, ...others].flat())].sort((a, b) => a - b);
  }

  private placesByTag(glob: string): readonly (readonly number[])[] {
    if (isLiteral([glob])) return [this.givers.get(glob) ?? []];
    return [...this.givers].flatMap(([tag, places]) => (globMatches(glob, tag) ? [places] : []));
  }
}
