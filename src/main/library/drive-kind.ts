// eslint-disable-next-line no-restricted-imports -- These are files of the system.
import { readFile, realpath } from 'node:fs/promises'
import { basename } from 'node:path'

/** A drive that may vanish while its files are mapped: a trainer would be killed by it. */
export type VanishingDrive = 'removable' | 'network'

/** File systems whose bytes lie on another machine. */
const NETWORK = /^(?:nfs\d?|cifs|smb\d?|smbfs|afs|ceph|glusterfs|9p|davfs|fuse\.(?:sshfs|rclone|s3fs|davfs2?|gvfsd-fuse))$/

interface Mount {
  readonly point: string
  readonly type: string
  readonly source: string
}

/** Whether the drive under a path may vanish; null where it stays, or where the system does not say. */
export async function vanishingDrive(path: string, platform: NodeJS.Platform = process.platform): Promise<VanishingDrive | null> {
  if (platform === 'win32') return /^[\\/]{2}/.test(path) ? 'network' : null
  const real = await realpath(path)
  if (platform === 'darwin') return real.startsWith('/Volumes/') ? 'removable' : null
  const text = await readFile('/proc/self/mountinfo', 'utf8').catch(() => '')
  const mount = mountOf(real, mountsIn(text))
  if (!mount) return null
  if (NETWORK.test(mount.type)) return 'network'
  if (/^\/(?:media|run\/media)\//.test(mount.point)) return 'removable'
  return (await isRemovable(mount.source)) ? 'removable' : null
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
