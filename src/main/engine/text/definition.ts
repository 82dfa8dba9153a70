import { basename, join } from 'node:path'
import { InputError } from '../../base/errors.ts'
import { isCharacterMap } from './character-map.ts'
import { isJsonObject, listAt, readModelJson, readModelText } from './json.ts'
import type { JsonObject } from './json.ts'
import { definitionFromMerges, definitionFromVocabTxt } from './legacy-vocabulary.ts'

const MAX_DEFINITION_BYTES = 128 * 2 ** 20
const MAX_SETTINGS_BYTES = 16 * 2 ** 20
const MAX_DEPTH = 16
const MAX_ID = 2 ** 31 - 1

/** What a model folder says about its tokenizer. `file` is the path that messages name. */
export interface TokenizerDefinition {
  readonly definition: JsonObject
  readonly settings: JsonObject
  readonly specialTokensMap: JsonObject
  readonly file: string
}

/**
 * Reads `tokenizer.json` (or what older folders have in its place: `vocab.txt` of BERT, `vocab.json` with `merges.txt` of RoBERTa),
 * `tokenizer_config.json` and `special_tokens_map.json`.
 */
export async function readTokenizerDefinition(folder: string): Promise<TokenizerDefinition> {
  const settings = (await readModelJson(folder, 'tokenizer_config.json', MAX_SETTINGS_BYTES)) ?? {}
  const specialTokensMap = (await readModelJson(folder, 'special_tokens_map.json', MAX_SETTINGS_BYTES)) ?? {}
  const file = join(folder, 'tokenizer.json')
  const definition = await readModelJson(folder, 'tokenizer.json', MAX_DEFINITION_BYTES)
  if (definition !== null) return { definition, settings, specialTokensMap, file }
  return { ...(await readOlderFiles(folder, { ...specialTokensMap, ...settings })), settings, specialTokensMap }
}

async function readOlderFiles(folder: string, settings: JsonObject): Promise<{ definition: JsonObject; file: string }> {
  const vocabTxt = join(folder, 'vocab.txt')
  const lines = await readModelText(folder, 'vocab.txt', MAX_DEFINITION_BYTES)
  if (lines !== null) return { definition: definitionFromVocabTxt(lines, settings, vocabTxt), file: vocabTxt }
  const vocabJson = join(folder, 'vocab.json')
  const vocab = await readModelJson(folder, 'vocab.json', MAX_DEFINITION_BYTES)
  const merges = vocab === null ? null : await readModelText(folder, 'merges.txt', MAX_DEFINITION_BYTES)
  if (vocab !== null && merges !== null) {
    return { definition: definitionFromMerges(vocab, merges, settings, vocabJson), file: vocabJson }
  }
  const message =
    `The folder ${basename(folder)} has no tokenizer.json. Ask whoever gave you the model for that file; in Python, ` +
    'AutoTokenizer.from_pretrained(FOLDER).save_pretrained(FOLDER) writes it.'
  throw new InputError('tokenizer-missing', message, { file: join(folder, 'tokenizer.json') })
}

/** The highest token id in a tokenizer.json, -1 when it holds none. */
export function highestIdOf(definition: JsonObject): number {
  const model = isJsonObject(definition['model']) ? definition['model'] : {}
  const vocabulary = model['vocab']
  let highest = Array.isArray(vocabulary) ? vocabulary.length - 1 : -1
  const raise = (id: unknown): void => {
    if (typeof id === 'number' && id > highest) highest = id
  }
  if (isJsonObject(vocabulary)) for (const id of Object.values(vocabulary)) raise(id)
  for (const token of listAt(definition, 'added_tokens')) if (isJsonObject(token)) raise(token['id'])
  return highest
}

/**
 * Refuses what would end the whole process inside the native library (it aborts instead of reporting): post-processors that name tokens
 * they do not declare, damaged character maps, pieces of length 0, ids beyond 31 bits.
 */
export function guardDefinition(definition: JsonObject, file: string): void {
  const refuse = (key: string, what: string): never => {
    const message = `${basename(file)} is damaged: ${what}. Copy it again from where the model came from.`
    throw new InputError('tokenizer-damaged', message, { file, key })
  }
  const model = definition['model']
  if (!isJsonObject(model)) return refuse('model', 'it has no "model" section')
  const highest = highestIdOf(definition)
  if (highest < 0) refuse('model.vocab', 'its vocabulary is empty')
  if (highest > MAX_ID) refuse('model.vocab', `token id ${highest} is too large`)
  const merges = mergesProblem(model)
  if (merges !== null) refuse('model.merges', merges)
  for (const { key, part } of partsOf(definition, refuse)) {
    const problem = problemOf(part, highest)
    if (problem !== null) refuse(key, problem)
  }
}

/** Every component of the pipeline: lists inside "Sequence" components are followed. */
function partsOf(definition: JsonObject, refuse: (key: string, what: string) => never): { key: string; part: JsonObject }[] {
  const found: { key: string; part: JsonObject }[] = []
  const visit = (key: string, part: unknown, depth: number): void => {
    if (depth > MAX_DEPTH) refuse(key, 'its parts are nested too deeply')
    if (!isJsonObject(part)) return
    found.push({ key, part })
    for (const list of ['normalizers', 'pretokenizers', 'processors', 'decoders']) {
      for (const inner of listAt(part, list)) visit(key, inner, depth + 1)
    }
  }
  for (const key of ['normalizer', 'pre_tokenizer', 'post_processor', 'decoder']) visit(key, definition[key], 0)
  return found
}

const UNKNOWN_ID = 'its post-processor names a token id that the vocabulary does not have'

function problemOf(part: JsonObject, highest: number): string | null {
  // Old files leave "type" out.
  if ('precompiled_charsmap' in part && !isCharacterMap(part['precompiled_charsmap'])) {
    return 'its precompiled character map cannot be read'
  }
  if ('special_tokens' in part) return templateProblem(part, highest)
  if (part['type'] === 'FixedLength' && !(Number(part['length']) >= 1)) return 'its pieces have length 0'
  const isWrapper = 'cls' in part && 'sep' in part
  return isWrapper && ![part['cls'], part['sep']].every((pair) => Array.isArray(pair) && isIdWithin(pair[1], highest))
    ? UNKNOWN_ID
    : null
}

/** A merge's second piece must carry the mark of pieces inside a word: the library cuts the mark's length off without looking. */
function mergesProblem(model: JsonObject): string | null {
  const prefix = model['continuing_subword_prefix']
  if (typeof prefix !== 'string' || prefix === '') return null
  const isMarked = (merge: unknown): boolean => {
    const right: unknown = Array.isArray(merge) ? merge[1] : String(merge).split(' ')[1]
    return typeof right === 'string' && right.startsWith(prefix)
  }
  return listAt(model, 'merges').every(isMarked) ? null : `a merge lacks the mark ${prefix}`
}

function isIdWithin(id: unknown, highest: number): boolean {
  return Number.isInteger(id) && Number(id) >= 0 && Number(id) <= highest
}

function templateProblem(part: JsonObject, highest: number): string | null {
  const declared = isJsonObject(part['special_tokens']) ? part['special_tokens'] : {}
  for (const token of Object.values(declared)) {
    const ids = isJsonObject(token) ? listAt(token, 'ids') : []
    if (ids.length === 0 || !ids.every((id) => isIdWithin(id, highest))) {
      return UNKNOWN_ID
    }
  }
  for (const piece of [...listAt(part, 'single'), ...listAt(part, 'pair')]) {
    const special = isJsonObject(piece) ? piece['SpecialToken'] : null
    if (isJsonObject(special) && !Object.hasOwn(declared, String(special['id']))) {
      return `its post-processor uses ${String(special['id'])} without declaring it`
    }
  }
  return null
}
