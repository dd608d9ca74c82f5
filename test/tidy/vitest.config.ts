import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/compat/**', 'node_modules/**', 'dist/**'],
    reporters: ['default', './test/tidy/plain-line-reporter.ts'],
    // Real processes and simulated clusters share two cores: a few files at a time keeps timeouts honest.
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
})
