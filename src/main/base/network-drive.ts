import { realpath } from 'node:fs'
import { statfs } from 'node:fs/promises'
import { dirname } from 'node:path'
import { promisify } from 'node:util'

/** File systems of Linux whose files are on another machine, or may be (`statfs(2)`): NFS, SMB three times, FUSE, 9P, AFS, Ceph, Coda. */
const networkTypes = new Set([0x6969, 0x517b, 0xff534d42, 0xfe534d42, 0x65735546, 0x01021997, 0x5346414f, 0x00c36400, 0x73757245])

export interface DriveQuestions {
  readonly platform: NodeJS.Platform
  /** Type of the file system that a path lies on. @throws where the path is not there */
  readonly typeOf: (path: string) => Promise<number>
  /** The path without links and mapped drives. @throws where it is not there */
  readonly realPath: (path: string) => Promise<string>
}

const system: DriveQuestions = {
  platform: process.platform,
  typeOf: async (path) => (await statfs(path)).type,
  // Only the native one turns the letter of a mapped drive into the share that it stands for.
  realPath: promisify(realpath.native)
}

/**
 * Whether a folder, or the nearest above it that is there, lies on another machine: reading it can fail at any time, and in a mapped file that ends
 * the process. False where the system does not say (macOS).
 */
export async function isOnNetwork(path: string, questions: DriveQuestions = system): Promise<boolean> {
  const { platform, typeOf, realPath } = questions
  if (platform !== 'linux' && platform !== 'win32') return false
  try {
    if (platform === 'linux') return networkTypes.has(await typeOf(path))
    const real = await realPath(path)
    return real.startsWith('\\\\') && !/^\\\\[?.]\\(?!UNC\\)/.test(real)
  } catch {
    const above = dirname(path)
    return above === path ? false : isOnNetwork(above, questions)
  }
}
