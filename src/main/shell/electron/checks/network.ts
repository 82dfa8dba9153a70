import { app, session } from 'electron'
import { cancelledRequests, SWITCHES } from '../harden.ts'
import { ORIGIN } from '../pages.ts'
import { faultsOr, type Claim, type Finding } from './check.ts'

/** Words at the start that would open what is shut. */
const OPENERS = [
  'no-sandbox',
  'disable-web-security',
  'remote-debugging-port',
  'remote-debugging-pipe',
  'ignore-certificate-errors',
  'proxy-server',
  'proxy-pac-url',
  'load-extension'
]

/** What electron-builder's AppImage does, and its package for Debian does not need. */
const UNBOXED = ', as an AppImage does where the system forbids user namespaces. The .deb package brings what the sandbox needs'

const background: Claim = {
  id: 'window-background',
  claim: 'The window does nothing in the background: no updates of its parts, no reports, no pings.',
  how: 'Reads the switches that Chromium runs with.',
  look: () => {
    const names = Object.keys(SWITCHES)
    const missing = names.filter(
      (name) => !app.commandLine.hasSwitch(name) || app.commandLine.getSwitchValue(name) !== (SWITCHES[name] ?? '')
    )
    return faultsOr(
      missing.map((name) => `${name} is not set`),
      `All ${names.length} are set: ${names.join(', ')}.`
    )
  }
}

const openers: Claim = {
  id: 'window-openers',
  claim: 'No word at its start switches its protection off or lets another program look in.',
  how: 'Looks among the switches that Chromium runs with.',
  look: () =>
    faultsOr(
      OPENERS.filter((name) => app.commandLine.hasSwitch(name)).map(
        (name) => `${name} is set${name === 'no-sandbox' && process.platform === 'linux' ? UNBOXED : ''}`
      ),
      'There is none of them.'
    )
}

const names: Claim = {
  id: 'window-names',
  claim: 'The window looks up no name of another machine.',
  how: 'Asks Chromium for the address behind a name of this PC. It refuses every name, this one included.',
  look: async () => {
    // Were it answered, nothing would have left this machine for it.
    const addresses = await session.defaultSession.resolveHost('localhost').then(
      ({ endpoints }) => endpoints.map(({ address }) => address),
      () => null
    )
    return addresses === null
      ? { holds: true, found: 'It was refused.' }
      : { holds: false, found: `It was answered: ${addresses.join(', ')}.` }
  }
}

const proxy: Claim = {
  id: 'window-proxy',
  claim: 'The window uses no proxy of this system.',
  how: 'Asks Chromium which way a request would take.',
  look: async () => {
    const way = await session.defaultSession.resolveProxy('https://attune.invalid/')
    return { holds: way === 'DIRECT', found: way === 'DIRECT' ? 'None.' : way }
  }
}

/** Requests that this check itself has made. */
let trials = 0

const requests: Claim = {
  id: 'window-requests',
  claim: 'A request that leads out of Attune is cancelled.',
  how: 'Makes one, to an address of this PC where nothing listens, and counts what is cancelled.',
  look: async () => {
    const before = cancelledRequests()
    trials++
    const outcome = await session.defaultSession.fetch('http://127.0.0.1:9/').then(
      () => 'answered',
      () => 'not answered'
    )
    const isCancelled = cancelledRequests() > before && outcome !== 'answered'
    if (!isCancelled) trials--
    return {
      holds: isCancelled,
      found: isCancelled
        ? `It was. Besides, ${cancelledRequests() - trials} were cancelled since Attune was opened.`
        : `It was ${outcome}, and not cancelled.`
    }
  }
}

const policy: Claim = {
  id: 'page-policy',
  claim: 'The page may load from and speak to Attune alone.',
  how: 'Asks for the page as the window does, and reads the policy that comes with it.',
  look: async (): Promise<Finding> => {
    const { headers } = await session.defaultSession.fetch(`${ORIGIN}/index.html`)
    const served = headers.get('Content-Security-Policy') ?? ''
    const rules = new Map(served.split(';').map((rule) => [rule.trim().split(/\s+/)[0], rule.trim().split(/\s+/).slice(1)]))
    const isShut = ['default-src', 'connect-src', 'form-action', 'base-uri'].every((name) => rules.get(name)?.join() === "'none'")
    const sources = [...rules.values()].flat()
    const holds = isShut && sources.every((source) => ["'none'", "'self'", 'blob:', "'script'"].includes(source))
    return { holds, found: served === '' ? 'There is none.' : served }
  }
}

/** The window and the network. */
export const networkClaims: readonly Claim[] = [requests, names, proxy, background, openers, policy]
