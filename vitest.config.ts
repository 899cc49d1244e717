import { defineConfig } from 'vitest/config';

const shared = { testTimeout: 60_000, hookTimeout: 60_000 };

/** unit: no server, no network. integration: real Kafka, real Redis, a real browser, brought up by test/servers. */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          ...shared,
          name: 'unit',
          include: ['test/{streams,src,servers}/**/*.test.ts', 'marbles/**/*.test.ts'],
          // Servers of the integration tests must not show through here.
          env: { KAFKA_BROKERS: '', REDIS_ENDPOINT: '' },
          sequence: { groupOrder: 0 },
          // All cores: the default leaves one idle, which of two is half of the time.
          maxWorkers: '100%',
        },
      },
      {
        test: {
          ...shared,
          name: 'integration',
          include: ['test/{integration,e2e}/**/*.test.ts'],
          globalSetup: ['test/servers/global-setup.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          fileParallelism: false,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
