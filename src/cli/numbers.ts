import { InvalidArgumentError } from 'commander';

const numberIn =
  (what: string, isRight: (value: number) => boolean) =>
  (text: string): number => {
    const value = /^\d+(\.\d+)?$/.test(text) ? Number(text) : NaN;
    if (!isRight(value)) throw new InvalidArgumentError(`Expected ${what}.`);
    return value;
  };

/** Of a flag: a whole number between two others. */
export const whole = (min: number, max: number): ((text: string) => number) =>
  numberIn(`a whole number from ${min} to ${max}`, (value) => Number.isInteger(value) && value >= min && value <= max);

/** Of a flag: a part of all, 0 to 1. */
export const share = numberIn('a share from 0 to 1, such as 0.05', (value) => value >= 0 && value <= 1);

/** Of a flag: any number between two others. */
export const factor = (min: number, max: number): ((text: string) => number) =>
  numberIn(`a number from ${min} to ${max}`, (value) => value >= min && value <= max);
