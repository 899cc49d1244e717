import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Frames } from '../../../../../src/sources/kafka/wire/framed-socket.js';

const frameOf = (body: Uint8Array): Buffer => {
  const frame = Buffer.alloc(4 + body.length);
  frame.writeInt32BE(body.length);
  frame.set(body, 4);
  return frame;
};

/** As a socket does it: at most so many bytes at a time, and never more than there is room for. */
const receive = (frames: Frames, stream: Buffer, atMost: () => number): Buffer[] => {
  const found: Buffer[] = [];
  for (let at = 0; at < stream.length;) {
    const { room } = frames;
    expect(room.length).toBeGreaterThan(0);
    const count = stream.copy(room, 0, at, Math.min(stream.length, at + Math.min(room.length, atMost())));
    at += count;
    const frame = frames.received(count);
    if (frame !== null) found.push(frame);
  }
  return found;
};

describe('Frames', () => {
  it('hands out every answer whole, however it comes', () => {
    const bodies = fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 20 });
    fc.assert(
      fc.property(bodies, fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 }), (all, counts) => {
        const sent = all.map(frameOf);
        let turn = 0;
        const found = receive(new Frames(), Buffer.concat(sent), () => counts[turn++ % counts.length] ?? 1);
        expect(found).toEqual(sent);
      }),
    );
  });

  it('leaves an answer alone that it has handed out', () => {
    const frames = new Frames();
    const [first] = receive(frames, frameOf(Buffer.from('first')), () => 100);
    receive(frames, frameOf(Buffer.from('other')), () => 100);
    expect(first?.toString('latin1', 4)).toBe('first');
  });

  it.each(['HTTP', '\xff\xff\xff\xff'])('refuses lengths that no broker would say: %j', (head) => {
    expect(() => receive(new Frames(), Buffer.from(head, 'latin1'), () => 4)).toThrow(/no broker/);
  });
});
