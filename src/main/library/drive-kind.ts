// eslint-disable-next-line no-restricted-imports -- These are files of the system.
import { readFile, realpath } from 'node:fs/promises'
import { basename, win32 } from 'node:path'
import { realpath as realpathWithCallback } from 'node:fs'
import { promisify } from 'node:util'

/** A drive that may vanish while its files are mapped: a trainer would be killed by it. */
export type VanishingDrive = 'removable' | 'network'

/** File systems whose bytes lie on another machine. */
const NETWORK = /^(?:nfs\d?|cifs|smb\d?|smbfs|afs|ceph|glusterfs|9p|davfs|fuse\.(?:sshfs|rclone|s3fs|davfs2?|gvfsd-fuse))$/

interface Mount {
  readonly point: string
  readonly type: string
  readonly source: string
}

/** What is asked of Windows; in tests something that answers as Windows would. */
export interface Windows {
  /** The path as the system resolves it: a letter that stands for a share becomes the share. */
  readonly resolved: (path: string) => Promise<string>
  readonly environment: Readonly<Record<string, string | undefined>>
}

const windows: Windows = { resolved: promisify(realpathWithCallback.native), environment: process.env }

/** Whether the drive under a path may vanish; null where it stays, or where the system does not say. */
export async function vanishingDrive(path: string, platform: NodeJS.Platform = process.platform): Promise<VanishingDrive | null> {
  if (platform === 'win32') return vanishingOnWindows(path, windows)
  const real = await realpath(path)
  if (platform === 'darwin') return real.startsWith('/Volumes/') ? 'removable' : null
  const text = await readFile('/proc/self/mountinfo', 'utf8').catch(() => '')
  const mount = mountOf(real, mountsIn(text))
  if (!mount) return null
  if (NETWORK.test(mount.type)) return 'network'
  if (/^\/(?:media|run\/media)\//.test(mount.point)) return 'removable'
  return (await isRemovable(mount.source)) ? 'removable' : null
}

/**
 * Goes by the letter of the drive, as Node asks Windows for no more: those of the system and of the person's own folders stay, a share is a network
 * drive, and every other letter may be that of a stick or of a disk that can be unplugged.
 */
export async function vanishingOnWindows(path: string, { resolved, environment }: Windows): Promise<VanishingDrive | null> {
  const real = await resolved(path).catch(() => path)
  const { root } = win32.parse(real)
  // `\\?\C:\` is a long form of `C:\`.
  const letter = /^(?:[\\/]{2}[?.][\\/])?([a-z]):/i.exec(real)?.[1]?.toUpperCase()
  if (letter === undefined) return /^[\\/]{2}/.test(root) ? 'network' : null
  const staying = ['SystemDrive', 'LOCALAPPDATA', 'USERPROFILE'].map((name) => environment[name]?.slice(0, 1).toUpperCase())
  return staying.includes(letter) ? null : 'removable'
}

/** The mounts that /proc/self/mountinfo lists. */
export function mountsIn(text: string): readonly Mount[] {
  return text.split('\n').flatMap((line) => {
    const [before = '', after = ''] = line.split(' - ')
    const point = before.split(' ')[4]
    const [type, source] = after.split(' ')
    // Spaces in a mount point are written as \040.
    return point === undefined || type === undefined
      ? []
      : [{ point: point.replaceAll('\\040', ' '), type, source: source ?? '' }]
  })
}

/** The mount that a path lies in: the deepest one above it. */
export function mountOf(path: string, mounts: readonly Mount[]): Mount | null {
  const above = mounts.filter(({ point }) => point === '/' || path === point || path.startsWith(`${point}/`))
  return above.reduce<Mount | null>(
    (deepest, mount) => (mount.point.length >= (deepest?.point.length ?? 0) ? mount : deepest),
    null
  )
}

/** Linux says of each disk whether its medium can be taken out. */
async function isRemovable(source: string): Promise<boolean> {
  const disk = basename(source).replace(/p?\d+$/, '')
  if (!/^[a-z][a-z0-9]*$/.test(disk)) return false
  return (await readFile(`/sys/block/${disk}/removable`, 'utf8').catch(() => '0')).trim() === '1'
}
