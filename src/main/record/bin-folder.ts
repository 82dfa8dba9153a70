import { mkdir, readdir, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { systemCodeOf } from '../base/errors.ts'
import { writeJsonAtomic } from '../base/files.ts'
import type { RunRow } from '../tracker/queries/runs.ts'

export interface BinFolders {
  readonly bin: string
  readonly projects: string
  readonly datasets: string
  readonly runs: string
  readonly configurations: string
}

/** When something was discarded, and with which project; the tracker is made again from it. */
export interface Discarded {
  readonly id: string
  readonly name: string
  readonly discarded_at: string
  readonly discarded_with: string | null
}

type Item = { readonly kind: 'dataset' } | { readonly kind: 'run'; readonly from: Pick<RunRow, 'folder' | 'config_file'> }

export const binFolder = ({ bin }: BinFolders, id: string): string => join(bin, id)

/** Written first and taken away first: a folder without it is on its way back. */
const MARK: string = 'discarded.json'

/** Moves what belongs to something into a folder of the bin. Renames only: it costs no time and no space. */
export async function fillBinFolder(folders: BinFolders, mark: Discarded, item: Item): Promise<void> {
  const folder = binFolder(folders, mark.id)
  await mkdir(folder, { recursive: true, mode: 0o700 })
  await writeJsonAtomic(join(folder, MARK), { ...mark, kind: item.kind })
  if (item.kind === 'dataset') await moved(join(folders.datasets, mark.id), join(folder, 'dataset'))
  else {
    const { folder: run, config_file } = item.from
    if (run !== null) await moved(run, join(folder, 'run'))
    await moved(config_file, join(folder, 'run.yaml'))
    await moved(join(folders.configurations, `${mark.id}.json`), join(folder, 'run.json'))
  }
}

/** Moves it back to where it was. */
export async function moveBack(
  folders: BinFolders,
  { id, kind }: { readonly id: string; readonly kind: 'dataset' | 'run' },
  run: Pick<RunRow, 'folder' | 'config_file'> | null
): Promise<void> {
  const folder = binFolder(folders, id)
  await rm(join(folder, MARK), { force: true })
  if (kind === 'dataset') return moved(join(folder, 'dataset'), join(folders.datasets, id))
  const own = run?.folder ?? null
  if (own !== null) await moved(join(folder, 'run'), own)
  await moved(join(folder, 'run.yaml'), run?.config_file ?? join(folders.configurations, `${id}.yaml`))
  await moved(join(folder, 'run.json'), join(folders.configurations, `${id}.json`))
}

/** How far discarding or restoring came: nothing moved yet, something of it in the bin, or on its way back. */
export async function binFolderState(folders: BinFolders, id: string): Promise<'begun' | 'filled' | 'leaving'> {
  const names = await readdir(binFolder(folders, id))
  if (!names.includes(MARK)) return 'leaving'
  return names.length > 1 ? 'filled' : 'begun'
}

/** What has no folder or file has nothing to be moved. */
async function moved(from: string, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true, mode: 0o700 })
  await rename(from, to).catch((error: unknown) => {
    if (systemCodeOf(error) !== 'ENOENT') throw error
  })
}
