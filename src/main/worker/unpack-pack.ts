import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { readCard } from '../base/model-card.ts'
import { readFile } from '../base/sealed/fs.ts'
import { packFacts, type PackFacts } from '../export/pack/facts.ts'
import { unpack } from '../export/pack/unpack.ts'
import type { FinishedEvent, TrainerEvent } from './protocol.ts'

export interface UnpackInput {
  readonly file: string
  /** An empty folder. */
  readonly into: string
  readonly scratch: string
  readonly passphrase: string | null
  readonly signal: AbortSignal
  readonly emit: (event: TrainerEvent) => void
}

/** What a person is told of a pack before it is imported. */
export interface PackSummary extends PackFacts {
  readonly files: number
  readonly bytes: number
  /** By the name of its card, such as `apache-2.0`; null where it says none. */
  readonly licence: string | null
  /** The texts of its licence and notice files. */
  readonly licenceText: string | null
}

const LICENCE = /^(?:licen[cs]e|notice)/i
/** Characters of licences that are shown: the longest common one has 35,000. */
const MOST_LICENCE = 60_000

/** Unpacks a pack, checks it, and says what it holds. @throws InputError with one sentence for what is wrong; nothing of `into` is to be kept then */
export async function unpackPack({ file, into, scratch, passphrase, signal, emit }: UnpackInput): Promise<FinishedEvent> {
  const onProgress = (done: number, total: number): void => emit({ event: 'progress', phase: 'checking', done, total })
  const { holds, manifest, files, bytes } = await unpack(file, into, { passphrase, scratch, signal, onProgress })
  const { licence } = await readCard(into)
  const pack: PackSummary = { ...packFacts(manifest, holds), files, bytes, licence, licenceText: await licenceOf(into) }
  return { event: 'finished', pack }
}

async function licenceOf(folder: string): Promise<string | null> {
  const names = (await readdir(folder)).filter((name) => LICENCE.test(name)).sort()
  const texts = await Promise.all(names.map((name) => readFile(join(folder, name), 'utf8')))
  const text = texts.join('\n\n').trim()
  return text === '' ? null : text.slice(0, MOST_LICENCE)
}
