import { createHash } from 'node:crypto'
import { InputError, sentenceInApp } from '../base/errors.ts'
import { sha256OfFile } from '../base/files.ts'
import { readCard } from '../base/model-card.ts'
import { resolveInModel } from '../base/model-files.ts'
import { ADAPTER_CONFIG, ADAPTER_WEIGHTS, openAdapterFolder } from '../engine/training/adapter-folder.ts'
import { openModelFolder } from '../engine/training/model-folder.ts'
import { openStart } from './adapter-start.ts'
import type { FinishedEvent } from './protocol.ts'

/** A model that an adapter may belong to. */
export interface PossibleBase {
  readonly id: string
  readonly folder: string
}

/** What an adapter's folder says of itself, and which of some models it fits. */
export interface AdapterLook {
  readonly base_name: string | null
  readonly rank: number
  readonly alpha: number
  readonly stabilised: boolean
  /** Of its weights. */
  readonly bytes: number
  readonly sha256: string
  readonly licence: string | null
  /** config.json's `problem_type`. */
  readonly problem: string | null
  /** The models that it fits, with its outputs there and their names where they are known. */
  readonly fits: readonly {
    readonly id: string
    readonly labels: number | null
    readonly class_names: readonly string[] | null
  }[]
  /** Why it does not fit the others. */
  readonly misfits: readonly { readonly id: string; readonly why: string }[]
}

/** Reads an adapter and puts it to each model in turn. @throws InputError where it cannot be used with any model */
export async function lookAtAdapter(folder: string, models: readonly PossibleBase[]): Promise<FinishedEvent> {
  const { config, checkpoint, problem } = await openAdapterFolder(folder)
  const fits: AdapterLook['fits'][number][] = []
  const misfits: AdapterLook['misfits'][number][] = []
  for (const { id, folder: modelFolder } of models) {
    try {
      const { fitted, classNames } = await openStart(folder, await openModelFolder(modelFolder), [])
      fits.push({ id, labels: fitted.labels, class_names: classNames })
    } catch (error) {
      if (!(error instanceof InputError)) throw error
      misfits.push({ id, why: sentenceInApp(error) })
    }
  }
  const { licence } = await readCard(folder)
  const facts = { base_name: config.baseName, rank: config.r, alpha: config.alpha, stabilised: config.isStabilised }
  const look: AdapterLook = {
    ...facts,
    bytes: checkpoint.totalBytes,
    sha256: await hashOfAdapter(folder),
    licence,
    problem,
    fits,
    misfits
  }
  return { event: 'finished', look }
}

/** One hash over what decides how an adapter answers: its two files. */
export async function hashOfAdapter(folder: string): Promise<string> {
  const hash = createHash('sha256')
  for (const name of [ADAPTER_CONFIG, ADAPTER_WEIGHTS]) {
    const path = await resolveInModel(folder, name)
    hash.update(`${name} ${path === undefined ? 'missing' : await sha256OfFile(path)}\n`)
  }
  return hash.digest('hex')
}
