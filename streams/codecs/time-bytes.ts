import { parseRfc3339 } from './rfc3339.js';

const minuteLength = '2025-08-02T10:15'.length;
const secondsEnd = '2025-08-02T10:15:30'.length;
const zoneLength = '+08:00'.length;

const code = { plus: 0x2b, dash: 0x2d, point: 0x2e, zero: 0x30, colon: 0x3a, Z: 0x5a, z: 0x7a };

/**
 * Reads RFC 3339 times from bytes, as `parseRfc3339` reads their texts. Records that follow each other mostly share their minute: then only
 * what comes behind it is read.
 */
export class TimeBytes {
  /** The sixteen bytes of the minute, as doubles; NaN, which no bytes equal, at first. */
  #first = NaN;
  #second = NaN;
  /** When that minute begins, at offset zero, epoch ms. */
  #minuteMs = NaN;
  /** The six bytes of a zone, as two words that overlap, and what it is ahead. */
  #zoneFirst = 0;
  #zoneLast = 0;
  #offsetMs = NaN;
  /** Of the time that was read last, bytes. */
  length = 0;

  /** Epoch ms; NaN when the text is no instant. */
  read(bytes: Buffer, view: DataView, start: number, end: number): number {
    const isLongEnough = end - start > secondsEnd;
    if (!isLongEnough || !this.#isOfMinute(view, start) || view.getUint8(start + minuteLength) !== code.colon) {
      return this.#anew(bytes, view, start, end);
    }
    const seconds = twoDigits(view, start + minuteLength + 1, 5);
    const last = view.getUint8(end - 1);
    const zoneAt = last === code.Z || last === code.z ? end - 1 : end - zoneLength;
    const offsetMs = zoneAt === end - 1 ? 0 : this.#offsetMsAt(view, zoneAt);
    const timeMs = this.#minuteMs + seconds * 1_000 + fractionMs(view, start + secondsEnd, zoneAt) - offsetMs;
    if (Number.isNaN(timeMs)) return this.#anew(bytes, view, start, end);
    this.length = end - start;
    return timeMs;
  }

  #isOfMinute(view: DataView, start: number): boolean {
    return view.getFloat64(start, true) === this.#first && view.getFloat64(start + 8, true) === this.#second;
  }

  /** Records mostly share their zone, too. */
  #offsetMsAt(view: DataView, at: number): number {
    const first = view.getInt32(at, true);
    const last = view.getInt32(at + 2, true);
    if (first !== this.#zoneFirst || last !== this.#zoneLast) {
      this.#zoneFirst = first;
      this.#zoneLast = last;
      this.#offsetMs = offsetMsAt(view, at);
    }
    return this.#offsetMs;
  }

  #anew(bytes: Buffer, view: DataView, start: number, end: number): number {
    const text = bytes.toString('utf8', start, end);
    const timeMs = parseRfc3339(text);
    if (typeof timeMs !== 'number') return NaN;
    this.length = end - start;
    const minuteMs = parseRfc3339(`${text.slice(0, minuteLength)}:00Z`);
    if (typeof minuteMs === 'number') {
      this.#first = view.getFloat64(start, true);
      this.#second = view.getFloat64(start + 8, true);
      this.#minuteMs = minuteMs;
    }
    return timeMs;
  }
}

/** NaN when they are no digits, or the first is greater than `mostTens`. */
const twoDigits = (view: DataView, at: number, mostTens: number): number => {
  const tens = view.getUint8(at) - code.zero;
  const ones = view.getUint8(at + 1) - code.zero;
  return tens >= 0 && tens <= mostTens && ones >= 0 && ones <= 9 ? tens * 10 + ones : NaN;
};

/** Of a sign, hours and minutes; NaN when something else is there. */
const offsetMsAt = (view: DataView, at: number): number => {
  const sign = view.getUint8(at);
  const hours = twoDigits(view, at + 1, 2);
  const isZone = (sign === code.plus || sign === code.dash) && hours <= 23 && view.getUint8(at + 3) === code.colon;
  const offsetMs = (hours * 60 + twoDigits(view, at + 4, 5)) * 60_000;
  return !isZone ? NaN : sign === code.dash ? -offsetMs : offsetMs;
};

/** Of a point and digits, or of nothing; NaN when something else is there. Digits beyond the third are cut off. */
const fractionMs = (view: DataView, start: number, end: number): number => {
  if (start === end) return 0;
  if (end < start + 2 || view.getUint8(start) !== code.point) return NaN;
  let ms = 0;
  const cut = Math.min(end, start + 4);
  for (let at = start + 1; at < cut; at += 1) {
    const digit = view.getUint8(at) ^ code.zero;
    if (digit > 9) return NaN;
    ms = ms * 10 + digit;
  }
  for (let at = cut; at < end; at += 1) if ((view.getUint8(at) ^ code.zero) > 9) return NaN;
  const digits = end - start - 1;
  return digits === 1 ? ms * 100 : digits === 2 ? ms * 10 : ms;
};
