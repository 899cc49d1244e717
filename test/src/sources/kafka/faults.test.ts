import { describe, expect, it } from 'vitest';
import { ServiceError } from '../../../../src/service-error.js';
import { asKafkaFault, isTooLarge, refusal, wasHungUpOn, wordsOf } from '../../../../src/sources/kafka/faults.js';

const protocol = (type: string, message = type): Error => Object.assign(new Error(message), { type });
/** As kafkajs wraps what it has tried often enough. */
const retried = (cause: Error): Error => new Error('Number of retries exceeded', { cause });

describe('refusal', () => {
  it('finds what no retry changes, however deep it lies, and says what to do', () => {
    expect(refusal(retried(retried(protocol('TOPIC_AUTHORIZATION_FAILED', 'Not authorized'))))).toContain(
      'grant it READ and DESCRIBE',
    );
    expect(refusal(protocol('INCONSISTENT_GROUP_PROTOCOL'))).toContain('give every member one in common');
    const signIn = Object.assign(new Error('Invalid password'), { name: 'KafkaJSSASLAuthenticationError' });
    expect(refusal(signIn)).toBe('Invalid password; check kafka.sasl: user name and password');
  });

  it.each([
    'self-signed certificate in certificate chain',
    'wrong version number',
    "Hostname/IP doesn't match altnames",
  ])('takes a certificate that does not hold for a mistake: %s', (message) =>
    expect(refusal(retried(new Error(message)))).toContain('check kafka.ssl'),
  );

  it.each([
    protocol('NOT_LEADER_FOR_PARTITION'),
    new Error('connect ECONNREFUSED 127.0.0.1:9092'),
    // So does a broker that stops in the middle of a handshake: of that a running service must not give up.
    new Error('Client network socket disconnected before secure TLS connection was established'),
    'not even an error',
  ])('lets everything else be tried again: %s', (error) => {
    expect(refusal(error)).toBeNull();
  });
});

describe('asKafkaFault', () => {
  it('tells what heals from what does not', () => {
    expect(asKafkaFault(new Error('connect ECONNREFUSED'), 'asking')).toMatchObject({
      code: 'kafka_unreachable',
      message: 'asking: connect ECONNREFUSED; check kafka.brokers and that a broker runs there',
    });
    expect(asKafkaFault(protocol('POLICY_VIOLATION', 'Too many partitions'), 'asking')).toMatchObject({
      code: 'kafka_refused',
      message: 'asking: Too many partitions',
    });
    expect(asKafkaFault(new Error('Closed connection'), 'asking').message).toContain(
      'does that listener want kafka.ssl',
    );
  });

  it('leaves a fault of the service as it is', () => {
    const own = new ServiceError('topic_missing', 'no such topic');
    expect(asKafkaFault(own, 'asking')).toBe(own);
  });
});

describe('what faults look like', () => {
  it('names every cause once', () => {
    expect(wordsOf(retried(new Error('a', { cause: new Error('b', { cause: new Error('a') }) })))).toBe(
      'Number of retries exceeded: a: b',
    );
    expect(wordsOf('text')).toBe('text');
  });

  it('knows a record too large, and a peer that hangs up', () => {
    expect([isTooLarge(retried(protocol('MESSAGE_TOO_LARGE'))), isTooLarge(new Error('x'))]).toEqual([true, false]);
    expect([wasHungUpOn(new Error('Closed connection')), wasHungUpOn(new Error('x'))]).toEqual([true, false]);
  });
});
