import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { InputError } from '../base/errors.ts'
import { sha256OfFile } from '../base/files.ts'
import { readFile } from '../base/sealed/fs.ts'
import { isTokenizerFile } from './carried-files.ts'
import { MANIFEST, type Fact, type Manifest } from './manifest.ts'
import { REVIEW } from './reviews.ts'

/** Every file of an export but its manifest, by name: size and hash. */
export async function describeFiles(folder: string, signal: AbortSignal): Promise<readonly Fact[]> {
  const names = (await readdir(folder)).filter((name) => name !== MANIFEST).sort()
  const facts: Fact[] = []
  for (const name of names) {
    const path = join(folder, name)
    facts.push({ kind: 'file', name, bytes: (await stat(path)).size, content: await sha256OfFile(path, signal) })
  }
  return facts
}

/** The entry of a kind. @throws InputError where the manifest has none */
export function factOf(manifest: Manifest, kind: Fact['kind']): Fact {
  const found = manifest.entries.find((entry) => entry.kind === kind)
  if (found) return found
  throw new InputError('verify-manifest', `manifest.json says nothing of the ${kind}. Export the run again.`, { file: MANIFEST })
}

const again = (reason: string): string => `${reason} Take the export from where it was made.`

/**
 * Compares a folder with what its manifest says of it: the order of labels, then every file.
 * @throws InputError with a sentence of its own for labels, a tokenizer file, any other file, a missing one and one too many
 */
export async function checkFiles(folder: string, manifest: Manifest, signal: AbortSignal): Promise<number> {
  await checkLabels(folder, factOf(manifest, 'reading'))
  const listed = manifest.entries.filter(({ kind }) => kind === 'file')
  const names = new Set(await readdir(folder))
  for (const { name, content } of listed) {
    if (typeof name !== 'string' || !names.delete(name))
      throw new InputError('verify-missing', again(`${String(name)} is missing from the export.`), { file: folder })
    if ((await sha256OfFile(join(folder, name), signal)) === content) continue
    if (isTokenizerFile(name)) {
      const reason = `The tokenizer file ${name} is not the one that was tested: texts would be cut into other tokens.`
      throw new InputError('verify-tokenizer', again(reason), { file: join(folder, name) })
    }
    throw new InputError('verify-file', again(`${name} was changed or damaged after the export.`), { file: join(folder, name) })
  }
  names.delete(MANIFEST)
  // It came later, and is checked by its own signatures.
  names.delete(REVIEW)
  const [extra] = [...names].sort()
  if (extra !== undefined)
    throw new InputError('verify-extra', again(`${extra} does not belong to the export; it may change what is loaded.`), {
      file: join(folder, extra)
    })
  return listed.length
}

async function checkLabels(folder: string, { class_names: classes, tags }: Fact): Promise<void> {
  const tested = tags ?? classes
  if (!Array.isArray(tested) || tested.length === 0) return
  const path = join(folder, 'config.json')
  let map: unknown
  try {
    const json: unknown = JSON.parse(await readFile(path, 'utf8'))
    map = typeof json === 'object' && json !== null && 'id2label' in json ? json.id2label : null
  } catch {
    // A missing or broken config.json is named by its hash.
    return
  }
  if (typeof map !== 'object' || map === null) return
  const found = Object.entries(map)
    .sort(([a], [b]) => Number(a) - Number(b))
    .map(([, name]) => String(name))
  if (found.join('\n') === tested.join('\n')) return
  throw new InputError(
    'verify-labels',
    again('The labels in config.json are not those, or not in the order, that the model was tested with.'),
    { file: path }
  )
}
