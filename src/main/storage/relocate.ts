import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { writeFileAtomic, writeJsonAtomic } from '../base/files.ts'
import { ifThere } from '../base/if-there.ts'
import { readFile } from '../base/sealed/fs.ts'

/** In the data folder: where it lay when its paths were last written. */
const PLACE = 'place.json'

/**
 * Brings the paths that files of a data folder name up to where it lies now: it may have been moved, restored, or copied by hand. Resolves to
 * the former place, or null where nothing had changed. `change` brings up the tracker.
 */
export async function relocate(dataFolder: string, change: (former: string, present: string) => void): Promise<string | null> {
  const former = await placeOf(dataFolder)
  if (former === dataFolder) return null
  if (former !== null) {
    for (const path of await filesWithPaths(dataFolder)) await rewrite(path, former, dataFolder)
    change(former, dataFolder)
  }
  await writeJsonAtomic(join(dataFolder, PLACE), { folder: dataFolder })
  return former
}

async function placeOf(dataFolder: string): Promise<string | null> {
  try {
    const found: unknown = JSON.parse(await readFile(join(dataFolder, PLACE), 'utf8'))
    const folder: unknown = typeof found === 'object' && found !== null ? Reflect.get(found, 'folder') : null
    return typeof folder === 'string' ? folder : null
  } catch {
    // A folder from before there was such a file, or a new one, lies where it always did.
    return null
  }
}

/** Settings of runs and of their folders, those in the bin too, and of imported adapters. */
async function filesWithPaths(dataFolder: string): Promise<readonly string[]> {
  const namesIn = async (folder: string): Promise<string[]> => (await ifThere(readdir(join(dataFolder, folder)))) ?? []
  const settings = (await namesIn('configurations')).map((name) => join(dataFolder, 'configurations', name))
  const runs = (await namesIn('runs')).map((name) => join(dataFolder, 'runs', name))
  const adapters = (await namesIn('adapters')).map((name) => join(dataFolder, 'adapters', name, 'config.json'))
  const thrown = (await namesIn('bin')).map((name) => join(dataFolder, 'bin', name))
  const inBin = thrown.flatMap((folder) => [
    join(folder, 'run.yaml'),
    join(folder, 'run', 'config.json'),
    join(folder, 'run', 'attune.json')
  ])
  return [
    ...settings,
    ...adapters,
    ...runs.flatMap((folder) => [join(folder, 'config.json'), join(folder, 'attune.json')]),
    ...inBin
  ]
}

async function rewrite(path: string, former: string, present: string): Promise<void> {
  const text = await ifThere(readFile(path, 'utf8'))
  const next = text === null ? null : movedPaths(text, former, present)
  if (next !== null && next !== text) await writeFileAtomic(path, next)
}

/** A text with each path below `former` below `present` instead, as they stand in JSON, in YAML, or bare. */
export function movedPaths(text: string, former: string, present: string): string {
  const quoted = (path: string): string => JSON.stringify(path).slice(1, -1)
  // Where the text ends a path's own part: `/data/attune` is no part of `/data/attune-2`.
  const pattern = (path: string): RegExp => new RegExp(`${path.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}(?=[\\\\/"'\\s]|$)`, 'g')
  const twice = text.replace(pattern(quoted(former)), () => quoted(present))
  return quoted(former) === former ? twice : twice.replace(pattern(former), () => present)
}
