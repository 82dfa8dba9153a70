import { join } from 'node:path'
import { svelte } from '@sveltejs/vite-plugin-svelte'
import { svelteTesting } from '@testing-library/svelte/vite'
import { defineConfig } from 'vitest/config'

// The runtime must never load with its telemetry on (docs/decisions/0001): every test process gets the switch before anything else.
process.env['ORT_DISABLE_TELEMETRY'] = '1'

// Each `attune` that a test starts would compile some 300 files anew, which is more work than what most of them do.
const compiled = join(import.meta.dirname, 'node_modules/.cache/attune/compiled')

const tier = (name: string, options: object = {}) => ({
  test: {
    name,
    include: [`test/${name}/**/*.test.ts`],
    environment: 'node',
    env: { ORT_DISABLE_TELEMETRY: '1', NODE_COMPILE_CACHE: compiled },
    setupFiles: ['test/setup.ts'],
    ...options
  }
})

// Its files change nothing that others could see, and most take less time than a process of their own would take to start.
const together = { isolate: false }

export default defineConfig({
  test: {
    maxWorkers: 2,
    projects: [
      tier('unit', together),
      tier('storage'),
      { ...tier('renderer', { environment: 'jsdom' }), plugins: [svelte(), svelteTesting()] },
      tier('e2e', { testTimeout: 30_000, hookTimeout: 60_000 }),
      tier('runtime', { testTimeout: 60_000 }),
      tier('training', { testTimeout: 300_000, hookTimeout: 300_000 }),
      tier('lint', { testTimeout: 120_000 })
    ]
  }
})
