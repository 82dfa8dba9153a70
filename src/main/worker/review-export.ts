import { mkdir, mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { writeAside } from '../engine/weights/aside.ts'
import { checkFiles } from '../export/check-files.ts'
import { unpack } from '../export/pack/unpack.ts'
import { writePack } from '../export/pack/write-pack.ts'
import { readManifest } from '../export/read-manifest.ts'
import { addReview, type ExportStatus, type Reviews } from '../export/reviews.ts'
import { fingerprint, openSigningKey, type SigningKey } from '../export/signing-key.ts'
import type { FinishedEvent, TrainerEvent } from './protocol.ts'

export interface ReviewTask {
  /** An export's folder, or a pack. */
  readonly folder: string
  readonly status: Exclude<ExportStatus, 'draft'>
  readonly name: string
  readonly note: string
  /** Where the installation's key lies. */
  readonly keyFolder: string
}

interface Around {
  /** Of an encrypted pack; null where there is none. It is written with the same one. */
  readonly passphrase: string | null
  readonly signal: AbortSignal
  readonly emit: (event: TrainerEvent) => void
}

/**
 * Checks an export, or a pack, and adds a person's signed statement to it.
 * @throws InputError where a file is not what was exported, or the statement is refused; nothing was changed then
 */
export async function reviewExport(task: ReviewTask, around: Around): Promise<FinishedEvent> {
  const { folder, keyFolder } = task
  const key = await openSigningKey(keyFolder)
  const isPack = await stat(folder).then(
    (found) => found.isFile(),
    () => false
  )
  const said = isPack ? await reviewPack(task, key, around) : await reviewFolder(task, key, around)
  return { event: 'finished', folder, status: said.status, reviews: said.reviews, signed_by: fingerprint(key.publicKey) }
}

const now = (): string => new Date().toISOString()

async function reviewFolder(task: ReviewTask, key: SigningKey, { signal }: Around): Promise<Reviews> {
  await checkFiles(task.folder, await readManifest(task.folder), signal)
  return addReview({ ...task, key, now: now() })
}

/** A pack is unpacked aside and checked, and packed again with the statement in it; what stood there is replaced once that is whole. */
async function reviewPack(task: ReviewTask, key: SigningKey, { passphrase, signal, emit }: Around): Promise<Reviews> {
  const { folder: path } = task
  const scratch = await mkdtemp(join(tmpdir(), 'attune-review-'))
  const into = { model: join(scratch, 'model'), adapter: join(scratch, 'adapter') }
  try {
    for (const each of Object.values(into)) await mkdir(each, { mode: 0o700 })
    const onProgress = (done: number, total: number): void => emit({ event: 'progress', phase: 'checking', done, total })
    const { holds } = await unpack(path, into, { passphrase, scratch, signal, onProgress })
    const said = await addReview({ ...task, folder: into[holds], key, now: now() })
    await writeAside(path, (aside) => writePack(into[holds], aside, { holds, passphrase, signal }))
    return said
  } finally {
    await rm(scratch, { recursive: true, force: true })
  }
}
