import type { ServingApi, ServingStatus } from '../../../src/preload/contract/serving.ts'

type Emit = (channel: string, payload: unknown) => void

/** A model that answers other programs at once; port 8123 is taken, and an export takes for ever to be opened. */
export function servingHandlers(emit: Emit): { readonly [Name in keyof ServingApi]: (argument: never) => unknown } {
  let status: ServingStatus | null = null
  const tell = (next: ServingStatus | null): ServingStatus | null => {
    status = next
    emit('serving:changed', { status })
    return status
  }
  return {
    status: () => status,
    start: ({ of, port }: Parameters<ServingApi['start']>[0]) => {
      const opening: ServingStatus = {
        ...{
          of,
          name: 'Urgency v3',
          state: 'opening',
          address: '',
          token: 'k3Q9vXw1bT7mZ4sLr8Yc2NfHj6PdGa0uEiWoRtBqVxM',
          pairs: false,
          asks: false
        },
        ...{ since: '2026-11-25T10:12:00.000Z', requests: 0, refused: 0, rows: 0, restarts: 0, note: null, failure: null }
      }
      if (of.startsWith('e-')) return tell(opening)
      if (port !== 8123)
        return tell({
          ...opening,
          state: 'open',
          address: `http://127.0.0.1:${port ?? 41_873}`,
          requests: 14,
          refused: 1,
          rows: 386
        })
      const message = 'Port 8123 cannot be used: another program uses it. Choose another, or none: then a free one is found.'
      return tell({ ...opening, state: 'failed', failure: { code: 'serve-port', message, detail: 'EADDRINUSE' } })
    },
    stop: () => void tell(null)
  }
}
