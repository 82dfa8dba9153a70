import { InputError } from '../../base/errors.ts'
import { isJsonObject } from './json.ts'
import type { JsonObject } from './json.ts'

/** The content of an added token as configuration files write it: a string, or an object with `content`. */
export function tokenContent(value: unknown): string | null {
  if (typeof value === 'string') return value
  return isJsonObject(value) && typeof value['content'] === 'string' ? value['content'] : null
}

function named(settings: JsonObject, key: string, otherwise: string): string {
  return tokenContent(settings[key]) ?? otherwise
}

function flag(settings: JsonObject, key: string, otherwise: boolean): boolean {
  const value = settings[key]
  return typeof value === 'boolean' ? value : otherwise
}

function addedToken(content: string, id: number, lstrip = false): JsonObject {
  return { id, content, single_word: false, lstrip, rstrip: false, normalized: false, special: true }
}

/** How BERT wraps one text and a pair, as a post-processor of a tokenizer.json. */
export function bertTemplate(cls: string, clsId: number, sep: string, sepId: number): JsonObject {
  const special = (id: string, type: number): JsonObject => ({ SpecialToken: { id, type_id: type } })
  const sequence = (id: 'A' | 'B', type: number): JsonObject => ({ Sequence: { id, type_id: type } })
  return {
    type: 'TemplateProcessing',
    single: [special(cls, 0), sequence('A', 0), special(sep, 0)],
    pair: [special(cls, 0), sequence('A', 0), special(sep, 0), sequence('B', 1), special(sep, 1)],
    special_tokens: {
      [cls]: { id: cls, ids: [clsId], tokens: [cls] },
      [sep]: { id: sep, ids: [sepId], tokens: [sep] }
    }
  }
}

function idsOf(vocabulary: ReadonlyMap<string, number>, tokens: readonly string[], file: string): number[] {
  return tokens.map((token) => {
    const id = vocabulary.get(token)
    if (id !== undefined) return id
    const message = `The vocabulary does not hold the special token ${token}. Ask for the model's tokenizer.json file instead.`
    throw new InputError('tokenizer-special-token', message, { file, key: token })
  })
}

/** The parts that every WordPiece tokenizer of the BERT family shares, around a vocabulary. */
export function wordPieceDefinition(options: {
  readonly vocabulary: ReadonlyMap<string, number>
  readonly settings: JsonObject
  readonly file: string
}): JsonObject {
  const { vocabulary, settings, file } = options
  const roles = ['pad', 'unk', 'cls', 'sep', 'mask'].map((role) => named(settings, `${role}_token`, `[${role.toUpperCase()}]`))
  const ids = idsOf(vocabulary, roles, file)
  const [, unk = '', cls = '', sep = ''] = roles
  const [, , clsId = 0, sepId = 0] = ids
  const stripAccents = settings['strip_accents']
  return {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: roles.map((content, i) => addedToken(content, ids[i] ?? 0)).sort((a, b) => Number(a['id']) - Number(b['id'])),
    normalizer: {
      type: 'BertNormalizer',
      clean_text: true,
      handle_chinese_chars: flag(settings, 'tokenize_chinese_chars', true),
      strip_accents: typeof stripAccents === 'boolean' ? stripAccents : null,
      lowercase: flag(settings, 'do_lower_case', true)
    },
    pre_tokenizer: { type: 'BertPreTokenizer' },
    post_processor: bertTemplate(cls, clsId, sep, sepId),
    decoder: { type: 'WordPiece', prefix: '##', cleanup: true },
    model: {
      type: 'WordPiece',
      unk_token: unk,
      continuing_subword_prefix: '##',
      max_input_chars_per_word: 100,
      vocab: Object.fromEntries(vocabulary)
    }
  }
}

/** A tokenizer.json made of BERT's `vocab.txt`, one token a line, its id the line's number from 0. */
export function definitionFromVocabTxt(text: string, settings: JsonObject, file: string): JsonObject {
  const lines = text.split(/\r\n|\r|\n/)
  if (lines.at(-1) === '') lines.pop()
  return wordPieceDefinition({ vocabulary: new Map(lines.map((token, id) => [token, id])), settings, file })
}

/** A tokenizer.json made of RoBERTa's `vocab.json` (token to id) and `merges.txt` (one pair a line, best first). */
export function definitionFromMerges(vocab: JsonObject, merges: string, settings: JsonObject, file: string): JsonObject {
  const entries = Object.entries(vocab).filter((entry): entry is [string, number] => typeof entry[1] === 'number')
  const vocabulary = new Map(entries)
  const defaults = { pad: '<pad>', unk: '<unk>', cls: '<s>', sep: '</s>', mask: '<mask>' }
  const roles = Object.entries(defaults).map(([role, otherwise]) => named(settings, `${role}_token`, otherwise))
  const ids = idsOf(vocabulary, roles, file)
  const [pad = '', unk = '', cls = '', sep = '', mask = ''] = roles
  const [padId = 0, unkId = 0, clsId = 0, sepId = 0, maskId = 0] = ids
  const addPrefixSpace = flag(settings, 'add_prefix_space', false)
  const trimOffsets = flag(settings, 'trim_offsets', true)
  const byteLevel = { type: 'ByteLevel', add_prefix_space: addPrefixSpace, trim_offsets: trimOffsets, use_regex: true }
  const lines = merges.split(/\r\n|\r|\n/).filter((line) => line !== '' && !line.startsWith('#version'))
  return {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: [
      addedToken(cls, clsId),
      addedToken(pad, padId),
      addedToken(sep, sepId),
      addedToken(unk, unkId),
      // The mask stands for a word together with the space before it.
      addedToken(mask, maskId, true)
    ].sort((a, b) => Number(a['id']) - Number(b['id'])),
    normalizer: null,
    pre_tokenizer: byteLevel,
    post_processor: {
      type: 'RobertaProcessing',
      sep: [sep, sepId],
      cls: [cls, clsId],
      trim_offsets: trimOffsets,
      add_prefix_space: addPrefixSpace
    },
    decoder: byteLevel,
    model: {
      type: 'BPE',
      dropout: null,
      unk_token: null,
      continuing_subword_prefix: '',
      end_of_word_suffix: '',
      fuse_unk: false,
      byte_fallback: false,
      vocab: Object.fromEntries(vocabulary),
      merges: lines
    }
  }
}
