import * as t from 'io-ts';

/** One number that can be set. */
export interface NumberSetting {
  readonly standard: number;
  /** Both ends included. */
  readonly min: number;
  readonly max: number;
  readonly isWhole?: boolean;
  readonly about: string;
}

export type NumberSettings = Readonly<Record<string, number>>;

/** Reads settings; what is not given takes its standard. `fields` is what help and documentation are made from. */
export interface SettingsCodec<Settings extends NumberSettings> extends t.Decoder<unknown, Settings> {
  readonly fields: { readonly [K in keyof Settings]: NumberSetting };
  readonly standard: Settings;
}

/** The codec of settings that are all numbers: refuses names it does not know and numbers out of bounds, and says of each why, at its key. */
export const numberSettings = <K extends string>(
  detector: string,
  fields: Readonly<Record<K, NumberSetting>>,
): SettingsCodec<Readonly<Record<K, number>>> => {
  type Settings = Readonly<Record<K, number>>;
  const names = Object.keys(fields) as K[];
  const standard = Object.fromEntries(names.map((name) => [name, fields[name].standard])) as Settings;
  const isKnown = (name: string): name is K => Object.hasOwn(fields, name);
  const faultOf = (name: string, value: unknown): string | null => {
    if (!isKnown(name)) return `${detector} has no setting "${name}"; it has ${names.join(', ')}`;
    return fits(fields[name], value) ? null : `${detector}: ${name} must be ${shown(fields[name])}`;
  };
  return {
    name: `settings of ${detector}`,
    fields,
    standard,
    validate: (input, context) => {
      const given = t.UnknownRecord.validate(input, context);
      if (given._tag === 'Left') return given;
      const errors = Object.entries(given.right).flatMap(([key, value]): t.Errors => {
        const message = faultOf(key, value);
        return message === null
          ? []
          : [{ value, context: [...context, { key, type: t.unknown, actual: value }], message }];
      });
      return errors.length === 0 ? t.success({ ...standard, ...given.right }) : t.failures(errors);
    },
    decode(input) {
      return this.validate(input, [{ key: '', type: this, actual: input }]);
    },
  };
};

const fits = ({ min, max, isWhole }: NumberSetting, value: unknown): boolean =>
  typeof value === 'number' && value >= min && value <= max && (isWhole !== true || Number.isInteger(value));

const shown = ({ min, max, isWhole }: NumberSetting): string =>
  `a ${isWhole === true ? 'whole number' : 'number'} from ${min} to ${max}`;

/** The setting that most detectors have: how many readings are learned from before the first is judged. */
export const warmUpOf = (standard: number, about = 'readings before the first is judged'): NumberSetting => ({
  standard,
  min: 2,
  max: 1_000_000,
  isWhole: true,
  about,
});
