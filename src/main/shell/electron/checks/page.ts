import { app, BrowserWindow, session, type WebContents } from 'electron'
import { readFile } from 'node:fs/promises'
import { GUARDED, WEBRTC_POLICY } from '../harden.ts'
import { ORIGIN } from '../pages.ts'
import { faultsOr, type Claim, type Finding } from './check.ts'

/** Every page that is open, and the one that the person sees. */
const pages = (): readonly WebContents[] => BrowserWindow.getAllWindows().map(({ webContents }) => webContents)

function shown(): WebContents {
  const page = pages().find((contents) => contents.getURL().startsWith(`${ORIGIN}/index.html`))
  if (!page) throw new Error('The window is not open.')
  return page
}

/** What Node would bring into the page. */
const OF_NODE = ['require', 'process', 'module', 'Buffer', 'global']

const isolation: Claim = {
  id: 'window-isolation',
  claim: 'The page has nothing of the program but the calls that Attune offers it.',
  how: 'Looks from within the page for what Node would bring, and for the bridge, which Electron makes for an isolated page alone.',
  look: async () => {
    const code = `[${OF_NODE.map((name) => `typeof ${name}`).join()}, typeof window.attune].join()`
    const types = String(await shown().executeJavaScript(code)).split(',')
    const faults = OF_NODE.filter((_, at) => types[at] !== 'undefined').map((name) => `${name} is there`)
    if (types.at(-1) !== 'object') faults.push('the bridge is not')
    return faultsOr(faults, `None of ${OF_NODE.join(', ')} is there.`)
  }
}

/** The version in which Electron lost it. */
const WITHOUT_REMOTE = 14

const remote: Claim = {
  id: 'window-remote',
  claim: 'No page can reach into the program from afar (the remote module).',
  how: 'Reads the version of Electron that runs.',
  look: () => remoteIn(process.versions['electron'])
}

/** What the version says of the remote module. */
export function remoteIn(version: string | undefined): Finding {
  const major = Number.parseInt(version ?? '', 10)
  if (Number.isNaN(major)) return { holds: null, found: 'This is no Electron.' }
  return { holds: major >= WITHOUT_REMOTE, found: `Electron ${version}. Versions from ${WITHOUT_REMOTE} on have none.` }
}

const sandbox: Claim = {
  id: 'window-sandbox',
  claim: 'The page runs in a sandbox of the system.',
  how: 'Asks the system about the process of the page.',
  look: () => sandboxOf(shown().getOSProcessId())
}

/** Whether the system shuts this process in. `platform`, `read`: the system that it is asked of. */
export async function sandboxOf(
  pid: number,
  platform: NodeJS.Platform = process.platform,
  read: (path: string) => Promise<string> = (path) => readFile(path, 'utf8')
): Promise<Finding> {
  if (platform === 'linux') {
    // 2: every call of the system passes a filter.
    const mode = /^Seccomp:\s*(\d)/m.exec(await read(`/proc/${pid}/status`))?.[1]
    return {
      holds: mode === '2',
      found: `Process ${pid}: ${mode === '2' ? 'its calls of the system are filtered' : 'no filter'}.`
    }
  }
  const sandboxed = app.getAppMetrics().find((each) => each.pid === pid)?.sandboxed
  return {
    holds: sandboxed ?? null,
    found: `Process ${pid}: ${sandboxed === true ? 'in the sandbox' : 'not known to be in one'}.`
  }
}

const PERMISSIONS = ['geolocation', 'notifications', 'camera', 'microphone', 'midi', 'clipboard-read']

const permissions: Claim = {
  id: 'window-permissions',
  claim: 'The page is refused camera, microphone, place, notifications and the clipboard.',
  how: 'Asks from within the page what it may use.',
  look: async () => {
    const query = `navigator.permissions.query({ name }).then(({ state }) => state, () => 'unknown')`
    const code = `Promise.all(${JSON.stringify(PERMISSIONS)}.map((name) => ${query})).then((states) => states.join())`
    const states = String(await shown().executeJavaScript(code)).split(',')
    const faults = PERMISSIONS.flatMap((name, at) =>
      ['denied', 'unknown'].includes(states[at] ?? '') ? [] : [`${name}: ${states[at] ?? 'no answer'}`]
    )
    const denied = PERMISSIONS.filter((_, at) => states[at] === 'denied')
    return denied.length === 0 && faults.length === 0
      ? { holds: null, found: 'This version knows none of them.' }
      : faultsOr(faults, `Refused: ${denied.join(', ')}.`)
  }
}

const leaving: Claim = {
  id: 'window-leaving',
  claim: 'The page can neither go elsewhere nor open another window.',
  how: 'Tries to open an empty one from within the page, and looks for the guards of every way out.',
  look: async () => {
    const code = `(() => { const other = window.open('about:blank'); other?.close(); return other === null })()`
    const faults = (await shown().executeJavaScript(code)) === true ? [] : ['A window was opened']
    for (const contents of pages())
      for (const event of GUARDED) if (contents.listenerCount(event) === 0) faults.push(`nothing guards ${event}`)
    return faultsOr(faults, `None was opened. ${GUARDED.length} ways out are guarded.`)
  }
}

const calls: Claim = {
  id: 'window-calls',
  claim: 'The page cannot speak past the filter (WebRTC).',
  how: 'Reads which ways Electron lets calls of a page take.',
  look: () => {
    const policies = new Set(pages().map((contents) => contents.getWebRTCIPHandlingPolicy()))
    const others = [...policies].filter((policy) => policy !== WEBRTC_POLICY)
    return faultsOr(others, 'Through a proxy alone, of which there is none.')
  }
}

const spelling: Claim = {
  id: 'window-spelling',
  claim: 'No dictionary is fetched to check your spelling.',
  how: 'Asks Electron whether it checks spelling.',
  look: () => faultsOr(session.defaultSession.isSpellCheckerEnabled() ? ['It does'] : [], 'It does not.')
}

const extensions: Claim = {
  id: 'window-extensions',
  claim: 'Nothing else reads this page.',
  how: 'Asks Electron for the extensions in this window.',
  look: () =>
    faultsOr(
      session.defaultSession.extensions.getAllExtensions().map(({ name }) => name),
      'There are none.'
    )
}

/** The page and what it may do. */
export const pageClaims: readonly Claim[] = [sandbox, isolation, remote, permissions, leaving, calls, spelling, extensions]
