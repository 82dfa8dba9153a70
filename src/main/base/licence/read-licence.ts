import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { systemCodeOf } from '../errors.ts'
import { readCard } from '../model-card.ts'
import { open } from '../sealed/fs.ts'
import { classSentences, needsNotice, termsOfName, type LicenceTerms } from './classes.ts'
import { licenceOfText } from './recognise.ts'

/** The licence of a model as its folder states it. */
export interface Licence extends LicenceTerms {
  /** As the card names it, or as its text was recognised; null where there is neither. */
  readonly name: string | null
  /** Where the name was found. */
  readonly source: 'card' | 'file' | null
  /** Names of licence files in the folder. */
  readonly files: readonly string[]
  /** What the class means, in one sentence. */
  readonly summary: string
}

const licenceFile = /^(?:licen[cs]e|copying|notice)(?:[.-][\w-]{1,20})?$/i

export const isLicenceFile = (name: string): boolean => licenceFile.test(name)

const MOST_BYTES = 64_000

/**
 * Reads the licence of a model's folder: the name on its card, else what its LICENSE file is by its words. Where card and file name licences of
 * different classes, the card counts, as its author chose it for the model.
 */
export async function readLicence(folder: string): Promise<Licence> {
  const { licence: onCard } = await readCard(folder)
  const files = (await namesIn(folder)).filter(isLicenceFile).sort()
  const text =
    onCard === null
      ? await firstText(
          folder,
          files.filter((name) => !/^notice/i.test(name))
        )
      : null
  const recognised = text === null ? null : licenceOfText(text)
  return licenceOf(onCard ?? recognised, onCard !== null ? 'card' : text === null ? null : 'file', files)
}

/** The licence of a name; a file whose words are not known is a licence of its own. */
export function licenceOf(name: string | null, source: Licence['source'], files: readonly string[] = []): Licence {
  const terms: LicenceTerms =
    name !== null ? termsOfName(name) : { class: source === 'file' ? 'custom' : 'unknown', obligations: [] }
  return { name, source, files, ...terms, summary: classSentences[terms.class] }
}

/** What to tell a person before what was made from a model leaves this machine; null where there is nothing to mind. */
export function licenceNotice(licence: Licence, model: string): string | null {
  if (!needsNotice(licence)) return null
  const named = licence.name === null ? '' : ` (${licence.name})`
  return `Licence of ${model}${named}: ${licence.summary}`
}

async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder)
  } catch (error) {
    if (systemCodeOf(error) === 'ENOENT') return []
    throw error
  }
}

async function firstText(folder: string, [name]: readonly string[]): Promise<string | null> {
  if (name === undefined) return null
  await using handle = await open(join(folder, name), 'r')
  const buffer = Buffer.alloc(MOST_BYTES)
  const { bytesRead } = await handle.read(buffer, 0, MOST_BYTES, 0)
  return buffer.toString('utf8', 0, bytesRead)
}
