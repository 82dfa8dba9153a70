import { lockedError } from '../base/locked.ts'
import type { Dispatch, ListedDispatch } from './dispatch.ts'

export interface GateOptions {
  /** Answers the vault's own channels. */
  readonly vault: Dispatch
  /** Answers everything else; null as long as nothing is open. */
  readonly inside: () => Dispatch | null
  readonly isLocked: () => boolean
  /** Every channel that there is, open or not. */
  readonly channels: readonly string[]
  /** The vault's methods that are answered while Attune is locked. */
  readonly answered: readonly string[]
}

const { code, message } = lockedError()
const refusal = { ok: false, error: { code, message, detail: message } } as const

/** The one way to all routes: while Attune is locked, none answers but those that say so and those that unlock it. */
export function gate({ vault, inside, isLocked, channels, answered }: GateOptions): ListedDispatch {
  const open = new Set(answered.map((method) => `vault:${method}`))
  const answer: Dispatch = async (channel, argument, caller) => {
    if (isLocked() && !open.has(channel)) return refusal
    if (channel.startsWith('vault:')) return vault(channel, argument, caller)
    return (await inside()?.(channel, argument, caller)) ?? refusal
  }
  return Object.assign(answer, { channels })
}
