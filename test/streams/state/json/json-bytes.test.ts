import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ConstantBytes } from '../../../../streams/state/json/constant-bytes.js';
import { JsonBytes } from '../../../../streams/state/json/json-bytes.js';

const anyText = fc.string({ unit: 'grapheme', maxLength: 30 });

describe('JSON in the making', () => {
  it('holds what was written, however much room there was', () => {
    fc.assert(
      fc.property(fc.nat(40), fc.array(fc.tuple(anyText, fc.double({ noNaN: true }))), (size, pairs) => {
        const json = new JsonBytes(size);
        json.sign(0x5b);
        pairs.forEach(([text, number], i) => {
          json.constant(new ConstantBytes(`${i > 0 ? ',' : ''}[${JSON.stringify(text)},`));
          json.number(number);
          json.sign(0x2c);
          json.value({ text });
          json.text(`,${JSON.stringify(text)},[`);
          json.numbers([7, number, 0.5, number], 1, 4);
          json.text(']]');
        });
        json.sign(0x5d);
        const said = (number: number) => (Number.isFinite(number) ? number + 0 : null);
        expect(JSON.parse(json.taken().toString())).toEqual(
          pairs.map(([text, number]) => [text, said(number), { text }, text, [said(number), 0.5, said(number)]]),
        );
      }),
    );
  });

  it('takes back what came behind a place', () => {
    const json = new JsonBytes();
    json.text('[1');
    const before = json.length;
    json.text(',"taken back"');
    json.rewind(before);
    json.text(']');
    expect(json.taken().toString()).toBe('[1]');
  });
});
