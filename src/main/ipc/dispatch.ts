import type { Reply } from '../../preload/contract/common.ts'
import type { AnyRoutes, Caller } from './define.ts'
import { failureOf } from './failures.ts'

/** Answers `domain:method` for whichever shell the page runs in. */
export type Dispatch = (channel: string, argument: unknown, caller: Caller) => Promise<Reply<unknown>>

/** One that can name every channel that it answers. */
export type ListedDispatch = Dispatch & { readonly channels: readonly string[] }

/** Joins the routes of all domains. `log` is told of what is our own fault. */
export function makeDispatch(domains: Readonly<Record<string, AnyRoutes>>, log: (line: string) => void): ListedDispatch {
  const answer: Dispatch = async (channel, argument, caller) => {
    const route = routeOf(domains, channel)
    if (!route) return { ok: false, error: noSuchChannel }
    try {
      const value = await route(argument, caller)
      return { ok: true, value: value ?? null }
    } catch (error) {
      const failure = failureOf(error)
      if (failure.code === 'internal') log(`${channel}: ${failure.detail}`)
      return { ok: false, error: failure }
    }
  }
  const channels = Object.entries(domains).flatMap(([domain, routes]) => Object.keys(routes).map((name) => `${domain}:${name}`))
  return Object.assign(answer, { channels })
}

function routeOf(domains: Readonly<Record<string, AnyRoutes>>, channel: string): AnyRoutes[string] | null {
  const [domain = '', method = '', ...rest] = channel.split(':')
  if (rest.length > 0 || !Object.hasOwn(domains, domain)) return null
  const routes = domains[domain]
  return routes && Object.hasOwn(routes, method) ? (routes[method] ?? null) : null
}

const message = 'The page asked for something that this version of Attune does not have. Reload it.'
const noSuchChannel = { code: 'no-such-channel', message, detail: message }
