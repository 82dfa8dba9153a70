// eslint-disable-next-line no-restricted-imports -- The kernel's own list, not a file of the person's.
import { access, readFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'

/** Why a folder is no place for data that must stay on this machine. */
export type FolderRisk = 'network' | 'synchronised'

const syncNames = [
  /^onedrive( - .+)?$/i,
  /^dropbox( \(.+\))?$/i,
  /^google ?drive$/i,
  /^my drive$/i,
  /^icloud ?drive$/i,
  /^mobile documents$/i,
  /^nextcloud$/i,
  /^owncloud$/i,
  /^pcloud ?drive$/i,
  /^box( sync)?$/i,
  /^mega$/i,
  /^syncthing$/i,
  /^seafile$/i
]
/** What such programs leave in the folder that they watch. */
const syncMarks = ['.dropbox', '.dropbox.cache', '.stfolder', '.owncloudsync.log', '.nextcloudsync.log', '.sync', '.seafile-data']
const networkTypes =
  /^(nfs\d?|cifs|smb\w*|sshfs|fuse\.(sshfs|rclone|gvfsd-fuse|s3fs|davfs2?)|davfs2?|9p|afs|ceph|glusterfs|ncpfs)$/

/** Whether a folder lies on a network drive, or in one that a program copies elsewhere; null where neither shows. */
export async function riskOf(
  folder: string,
  mounts: () => Promise<string> = () => readFile('/proc/mounts', 'utf8')
): Promise<FolderRisk | null> {
  const path = resolve(folder)
  if (path.startsWith('\\\\') || path.startsWith('//')) return 'network'
  if (await isOnNetwork(path, mounts)) return 'network'
  for (let here = path; ; here = dirname(here)) {
    const name = here.split(/[\\/]/).at(-1) ?? ''
    if (syncNames.some((pattern) => pattern.test(name))) return 'synchronised'
    for (const mark of syncMarks) if (await exists(join(here, mark))) return 'synchronised'
    if (dirname(here) === here) return null
  }
}

/** The kernel's list of mounted file systems tells on Linux; elsewhere only a path's own form does. */
async function isOnNetwork(path: string, mounts: () => Promise<string>): Promise<boolean> {
  const lines = (await mounts().catch(() => '')).split('\n').map((line) => line.split(' '))
  const found = lines
    .map(([, at = '', type = '']) => ({ at: at.replaceAll('\\040', ' '), type }))
    .filter(({ at }) => at === '/' || path === at || path.startsWith(`${at}/`))
    .sort((a, b) => b.at.length - a.at.length)[0]
  return found !== undefined && networkTypes.test(found.type)
}

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false
  )
