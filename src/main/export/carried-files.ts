import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { isLicenceFile } from '../base/licence/read-licence.ts'
import { resolveInModel } from '../base/model-files.ts'
import { readFile, writeFile } from '../base/sealed/fs.ts'

/** What a tokenizer consists of, in the names that transformers looks for. */
const tokenizerFile =
  /^(?:tokenizer\.json|tokenizer_config\.json|special_tokens_map\.json|added_tokens\.json|vocab\.(?:txt|json)|merges\.txt|(?:sentencepiece\.bpe|spiece)\.model)$/

export const isTokenizerFile = (name: string): boolean => tokenizerFile.test(name)

/** Copies the base model's tokenizer and licence files as they are. Resolves to the names. */
export async function carryFiles(from: string, to: string): Promise<readonly string[]> {
  const names = (await readdir(from)).filter((name) => tokenizerFile.test(name) || isLicenceFile(name)).sort()
  for (const name of names) {
    const path = await resolveInModel(from, name)
    if (path !== undefined) await writeFile(join(to, name), await readFile(path))
  }
  return names
}
