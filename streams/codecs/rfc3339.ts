/** Why a text is no instant: it names no zone, or it is no date at all. */
export type TimeTextFault = 'tz_missing' | 'invalid';

const form = /^(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d):(\d\d)(?:\.(\d+))?(?:([Zz])|([+-])(\d\d):(\d\d))?$/;

/**
 * Reads an RFC 3339 date and time as epoch ms; digits beyond the millisecond are cut off. Strict: days that exist, hours to 23, offsets to
 * 23:59; a leap second (`:60`) reads as the second after it, as POSIX time has it.
 */
export const parseRfc3339 = (text: string): number | TimeTextFault => {
  const found = form.exec(text);
  if (found === null) return 'invalid';
  const [, year, month, day, hour, minute, second, fraction, zulu, sign, offsetHour, offsetMinute] = found;
  if (!isDay(Number(year), Number(month), Number(day))) return 'invalid';
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 60) return 'invalid';
  if (zulu === undefined && sign === undefined) return 'tz_missing';
  if (Number(offsetHour ?? 0) > 23 || Number(offsetMinute ?? 0) > 59) return 'invalid';
  const localMs =
    daysFromEpoch(Number(year), Number(month), Number(day)) * 86_400_000 +
    (Number(hour) * 3_600 + Number(minute) * 60 + Number(second)) * 1_000 +
    Number((fraction ?? '').slice(0, 3).padEnd(3, '0'));
  const offsetMs = (Number(offsetHour ?? 0) * 60 + Number(offsetMinute ?? 0)) * 60_000;
  return sign === '-' ? localMs + offsetMs : localMs - offsetMs;
};

const daysInMonth = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
const isLeap = (year: number): boolean => year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);

const isDay = (year: number, month: number, day: number): boolean =>
  day >= 1 && day <= (month === 2 && isLeap(year) ? 29 : (daysInMonth[month - 1] ?? 0));

/** Days since 1970-01-01 in the proleptic Gregorian calendar (Hinnant, "chrono-Compatible Low-Level Date Algorithms"). */
const daysFromEpoch = (year: number, month: number, day: number): number => {
  const shifted = month <= 2 ? year - 1 : year;
  const era = Math.floor(shifted / 400);
  const yearOfEra = shifted - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  return (
    era * 146_097 + yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear - 719_468
  );
};
