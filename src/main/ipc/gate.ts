import type { Dispatch } from './dispatch.ts'

export interface GateOptions {
  /** Answers the vault's own channels. */
  readonly vault: Dispatch
  /** Answers everything else; null as long as nothing is open. */
  readonly inside: () => Dispatch | null
  readonly isLocked: () => boolean
  /** The vault's methods that are answered while Attune is locked. */
  readonly answered: readonly string[]
}

const message = 'Attune is locked. Unlock it to go on.'
const refusal = { ok: false, error: { code: 'locked', message, detail: message } } as const

/** The one way to all routes: while Attune is locked, none answers but those that say so and those that unlock it. */
export function gate({ vault, inside, isLocked, answered }: GateOptions): Dispatch {
  const open = new Set(answered.map((method) => `vault:${method}`))
  return async (channel, argument, caller) => {
    if (isLocked() && !open.has(channel)) return refusal
    if (channel.startsWith('vault:')) return vault(channel, argument, caller)
    return (await inside()?.(channel, argument, caller)) ?? refusal
  }
}
