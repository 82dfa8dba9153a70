import type { Bridge } from '../../../preload/contract/index.ts'

/** The bridge of the loopback shell: calls over HTTP, events over a WebSocket. */
export function makeLoopbackBridge(): Promise<Bridge> {
  return Promise.reject(new Error('This page was opened outside Attune. Start Attune with npm start.'))
}
