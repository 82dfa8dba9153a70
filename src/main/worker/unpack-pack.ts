import { join } from 'node:path'
import { needsNotice } from '../base/licence/classes.ts'
import { readLicence, type Licence } from '../base/licence/read-licence.ts'
import { open } from '../base/sealed/fs.ts'
import { packFacts, type PackFacts } from '../export/pack/facts.ts'
import type { PackContent } from '../export/pack/layout.ts'
import { unpack } from '../export/pack/unpack.ts'
import type { FinishedEvent, TrainerEvent } from './protocol.ts'

export interface UnpackInput {
  readonly file: string
  /** An empty folder for each kind of content. */
  readonly into: Readonly<Record<PackContent, string>>
  readonly scratch: string
  readonly passphrase: string | null
  readonly signal: AbortSignal
  readonly emit: (event: TrainerEvent) => void
}

/** What a person is told of a pack before it is imported. */
export interface PackSummary extends PackFacts {
  readonly files: number
  readonly bytes: number
  readonly licence: Pick<Licence, 'name' | 'class' | 'summary'>
  /** Whether the licence asks for something that must be seen before the model is used. */
  readonly isNoticed: boolean
  /** The texts of its licence and notice files; null where it has none. */
  readonly licenceText: string | null
}

/** Bytes of each licence that are shown: the longest common one has 35,000. */
const MOST_LICENCE = 64_000

/** Unpacks a pack, checks it, and says what it holds. @throws InputError with one sentence for what is wrong; nothing of both folders is to be kept then */
export async function unpackPack({ file, into, scratch, passphrase, signal, emit }: UnpackInput): Promise<FinishedEvent> {
  const onProgress = (done: number, total: number): void => emit({ event: 'progress', phase: 'checking', done, total })
  const { holds, manifest, files, bytes } = await unpack(file, into, { passphrase, scratch, signal, onProgress })
  const folder = into[holds]
  const licence = await readLicence(folder)
  const { name, class: kind, summary } = licence
  const pack: PackSummary = {
    ...{ ...packFacts(manifest, holds), files, bytes },
    ...{
      licence: { name, class: kind, summary },
      isNoticed: needsNotice(licence),
      licenceText: await textOf(folder, licence.files)
    }
  }
  return { event: 'finished', pack }
}

async function textOf(folder: string, names: readonly string[]): Promise<string | null> {
  const texts = await Promise.all(names.map((name) => startOf(join(folder, name))))
  const text = texts.join('\n\n').trim()
  return text === '' ? null : text
}

async function startOf(path: string): Promise<string> {
  await using file = await open(path, 'r')
  const buffer = Buffer.alloc(MOST_LICENCE)
  const { bytesRead } = await file.read(buffer, 0, MOST_LICENCE, 0)
  return buffer.toString('utf8', 0, bytesRead)
}
