import { readdir, readFile, readlink } from 'node:fs/promises'

/** Connections of this program and of those it started, as the system lists them; null where the system does not tell (not Linux). */
export async function foreignConnections(
  pid = process.pid
): Promise<{ readonly loopback: number; readonly foreign: number } | null> {
  if (process.platform !== 'linux') return null
  const own = new Set((await Promise.all((await family(pid)).map(socketsOf))).flat())
  const counts = { loopback: 0, foreign: 0 }
  for (const table of ['tcp', 'tcp6', 'udp', 'udp6', 'raw', 'raw6']) {
    const lines = (await readFile(`/proc/${pid}/net/${table}`, 'utf8').catch(() => '')).split('\n').slice(1)
    for (const line of lines) {
      const [, local = '', remote = '', , , , , , , inode = ''] = line.trim().split(/\s+/)
      if (own.has(inode)) counts[isLoopback(local) && isHere(remote) ? 'loopback' : 'foreign']++
    }
  }
  return counts
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
