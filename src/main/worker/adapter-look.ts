import { createHash } from 'node:crypto'
import { InputError, sentenceInApp } from '../base/errors.ts'
import { sha256OfFile } from '../base/files.ts'
import { readLicence } from '../base/licence/read-licence.ts'
import { resolveInModel } from '../base/model-files.ts'
import { ADAPTER_CONFIG, ADAPTER_WEIGHTS, openAdapterFolder } from '../engine/training/adapter-folder.ts'
import { openModelFolder } from '../engine/training/model-folder.ts'
import { loadTokenizer } from '../engine/text/tokenizer.ts'
import type { BaseFacts, PackFacts } from '../export/pack/facts.ts'
import { adapterPapers } from './adapter-papers.ts'
import { openStart } from './adapter-start.ts'
import { baseKeysOf, changedPart } from './base-keys.ts'
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
  /** Classes in the order of its outputs, where its folder names them. */
  readonly class_names: readonly string[] | null
  /** What its signed papers say of the model that it was made from, with a hash over all that decides how it is read; null where it has none. */
  readonly papers: {
    readonly base: BaseFacts
    readonly tested: PackFacts['tested']
    readonly signed_by: string
    readonly sha256: string
  } | null
  /**
   * The models that it fits, with its outputs there and their names where they are known. `changed`: the first part in which a model is not the one that
   * the papers name; null where it is that one, or there are none.
   */
  readonly fits: readonly {
    readonly id: string
    readonly labels: number | null
    readonly class_names: readonly string[] | null
    readonly changed: string | null
  }[]
  /** Why it does not fit the others. */
  readonly misfits: readonly { readonly id: string; readonly why: string }[]
}

/** Reads an adapter and puts it to each model in turn. @throws InputError where it cannot be used with any model */
export async function lookAtAdapter(folder: string, models: readonly PossibleBase[]): Promise<FinishedEvent> {
  const { config, checkpoint, problem, classNames: class_names } = await openAdapterFolder(folder)
  const papers = await adapterPapers(folder, new AbortController().signal)
  const fits: AdapterLook['fits'][number][] = []
  const misfits: AdapterLook['misfits'][number][] = []
  for (const { id, folder: modelFolder } of models) {
    try {
      const model = await openModelFolder(modelFolder)
      const { fitted, classNames } = await openStart(folder, model, [])
      const changed = papers && changedPart(papers.base, await baseKeysOf(model, await loadTokenizer(modelFolder)))
      fits.push({ id, labels: fitted.labels, class_names: classNames, changed })
    } catch (error) {
      if (!(error instanceof InputError)) throw error
      misfits.push({ id, why: sentenceInApp(error) })
    }
  }
  const { name: licence } = await readLicence(folder)
  const facts = { base_name: config.baseName, rank: config.r, alpha: config.alpha, stabilised: config.isStabilised }
  const look: AdapterLook = {
    ...facts,
    bytes: checkpoint.totalBytes,
    sha256: await hashOfAdapter(folder),
    licence,
    problem,
    class_names,
    papers: papers && { base: papers.base, tested: papers.tested, signed_by: papers.signedBy, sha256: papers.sha256 },
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
