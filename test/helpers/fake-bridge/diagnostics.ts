import type { DiagnosticsApi, Installation } from '../../../src/preload/contract/diagnostics.ts'

const installation: Installation = {
  build: '3f2a'.repeat(16),
  packages: [
    { name: 'onnxruntime-node', version: '1.30.0', licence: 'MIT' },
    { name: 'svelte', version: '5.57.3', licence: 'MIT' },
    { name: 'uplot', version: '1.6.32', licence: 'MIT' }
  ]
}

const text = JSON.stringify({ attune: { version: '0.1.0' }, holds: { datasets: 2, models: 3, runs: 6 }, faults: [] }, null, 2)

/** Diagnostics without a program behind them. */
export const diagnosticsHandlers: { readonly [Name in keyof DiagnosticsApi]: (argument: never) => unknown } = {
  installation: () => installation,
  licence: (name: string) => (name === 'uplot' ? 'MIT License\n\nPermission is hereby granted …' : ''),
  preview: () => text,
  save: () => 'o-diagnostics'
}
