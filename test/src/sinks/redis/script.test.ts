import { Command } from 'ioredis';
import { expect, it } from 'vitest';
import { ScriptCall } from '../../../../src/sinks/redis/script.js';

it('encodes a script call as ioredis would, byte for byte', () => {
  const keys = ['{device-data:0}:weir:meta', 'b'];
  const args = ['', '12', '{"text":"41 °C 传感器 𐐷"}', '\uD800'];
  const ours = ScriptCall.of(keys, args).command('evalsha', 'digest');
  const theirs = new Command('evalsha', ['digest', '2', ...keys, ...args], { replyEncoding: 'utf8' });
  expect(ours.toWritable({}).toString()).toBe(Buffer.from(theirs.toWritable({})).toString());
  expect(ours.getSlot()).toBe(theirs.getSlot());
});
