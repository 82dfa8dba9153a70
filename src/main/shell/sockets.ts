import { readdir, readFile, readlink } from 'node:fs/promises'

/** Connections of this program and of those it started, as the system lists them; null where the system does not tell (not Linux). */
export async function foreignConnections(
  pid = process.pid
): Promise<{ readonly loopback: number; readonly foreign: number } | null> {
  if (process.platform !== 'linux') return null
  const counts = { loopback: 0, foreign: 0 }
  for (const { local, remote } of await ownSockets(pid, ['tcp', 'tcp6', 'udp', 'udp6', 'raw', 'raw6']))
    counts[isLoopback(local) && isHere(remote) ? 'loopback' : 'foreign']++
  return counts
}

/** A port on which a program waits for others to speak to it. */
export interface Listener {
  readonly port: number
  /** Whether only programs of this machine can reach it. */
  readonly isLoopback: boolean
}

/** The kernel's number for a socket that listens (include/net/tcp_states.h). */
const LISTENING = '0A'

/** Where this program and those that it started can be spoken to; null where the system does not tell (not Linux). */
export async function listeners(pid = process.pid): Promise<readonly Listener[] | null> {
  if (process.platform !== 'linux') return null
  const sockets = await ownSockets(pid, ['tcp', 'tcp6'])
  return sockets
    .filter(({ state }) => state === LISTENING)
    .map(({ local }) => ({ port: Number.parseInt(local.split(':')[1] ?? '', 16), isLoopback: isLoopback(local) }))
}

interface Socket {
  /** As the kernel writes addresses. */
  readonly local: string
  readonly remote: string
  readonly state: string
}

async function ownSockets(pid: number, tables: readonly string[]): Promise<Socket[]> {
  const own = new Set((await Promise.all((await family(pid)).map(socketsOf))).flat())
  const found: Socket[] = []
  for (const table of tables) {
    const lines = (await readFile(`/proc/${pid}/net/${table}`, 'utf8').catch(() => '')).split('\n').slice(1)
    for (const line of lines) {
      const [, local = '', remote = '', state = '', , , , , , inode = ''] = line.trim().split(/\s+/)
      if (own.has(inode)) found.push({ local, remote, state })
    }
  }
  return found
}

/** Programs that were started for the person, such as their browser: what those open and write is not Attune's. */
const bystanders = new Set<number>()

/** Leaves a program that Attune started for the person, and all that descends from it, out of what is looked at. */
export const leaveOut = (pid: number): void => void bystanders.add(pid)

/** A process and all that descend from it, but for programs of the person's own. */
export async function family(pid: number): Promise<number[]> {
  const text = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(() => '')
  const children = text.trim() === '' ? [] : text.trim().split(' ').map(Number)
  const own = children.filter((child) => !bystanders.has(child))
  return [pid, ...(await Promise.all(own.map(family))).flat()]
}

async function socketsOf(pid: number): Promise<string[]> {
  const files = await readdir(`/proc/${pid}/fd`).catch(() => [])
  const links = await Promise.all(files.map((file) => readlink(`/proc/${pid}/fd/${file}`).catch(() => '')))
  return links.flatMap((link) => /^socket:\[(\d+)\]$/.exec(link)?.[1] ?? [])
}

/** Addresses are hexadecimal, each group of four bytes with its lowest first: 127.0.0.1 is `0100007F`. */
function isLoopback(address: string): boolean {
  const [host = ''] = address.split(':')
  return host === '0100007F' || host === '00000000000000000000000001000000' || host === '0000000000000000FFFF00000100007F'
}

/** Where a socket leads: to this machine, or nowhere yet. */
function isHere(address: string): boolean {
  const [host = ''] = address.split(':')
  return isLoopback(address) || /^0+$/.test(host)
}
