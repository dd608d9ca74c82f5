import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/compat/**/*.test.ts'],
    globalSetup: ['./test/compat/support/node-under-test.ts'],
    reporters: ['default', './test/tidy/plain-line-reporter.ts'],
    // One broker serves all files; the clients are heavy (a JVM each), so they come one after the other.
    fileParallelism: false,
    testTimeout: 180_000,
    hookTimeout: 300_000,
  },
})
