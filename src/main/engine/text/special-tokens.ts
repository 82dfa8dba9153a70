import { AddedToken } from '@anush008/tokenizers'
import type { Tokenizer as NativeTokenizer } from '@anush008/tokenizers'
import type { TokenizerDefinition } from './definition.ts'
import { isJsonObject, listAt } from './json.ts'
import type { JsonObject } from './json.ts'
import { tokenContent } from './legacy-vocabulary.ts'

/** What a special token is for. */
export type SpecialRole = 'pad' | 'unk' | 'cls' | 'sep' | 'mask' | 'bos' | 'eos'

/** The id of each special token, null where the tokenizer has none. */
export type SpecialTokens = Readonly<Record<SpecialRole, number | null>>

interface ResolvedTokens {
  readonly roles: SpecialTokens
  /** The ids of all special tokens. */
  readonly ids: ReadonlySet<number>
  /** The highest id among added tokens, -1 without any. The library may number them otherwise than the file says. */
  readonly highestAdded: number
}

const USUAL_NAMES: Readonly<Record<SpecialRole, readonly string[]>> = {
  pad: ['[PAD]', '<pad>'],
  unk: ['[UNK]', '<unk>'],
  cls: ['[CLS]', '<s>'],
  sep: ['[SEP]', '</s>'],
  mask: ['[MASK]', '<mask>'],
  bos: ['[CLS]', '<s>'],
  eos: ['[SEP]', '</s>']
}

function isOn(value: unknown, key: string): boolean {
  return isJsonObject(value) && value[key] === true
}

function addSpecial(native: NativeTokenizer, content: string, declared: unknown): void {
  const token = new AddedToken(content, true, {
    singleWord: isOn(declared, 'single_word'),
    leftStrip: isOn(declared, 'lstrip'),
    rightStrip: isOn(declared, 'rstrip'),
    normalized: isOn(declared, 'normalized')
  })
  native.addAddedTokens([token])
}

/**
 * Adds the tokens that tokenizer_config.json declares beyond tokenizer.json, in the order of their ids, as Hugging Face does.
 * Returns the special ones among them.
 */
function addDeclared(native: NativeTokenizer, settings: JsonObject, known: Set<string>): string[] {
  const special: string[] = []
  const declared = isJsonObject(settings['added_tokens_decoder']) ? settings['added_tokens_decoder'] : {}
  for (const [, token] of Object.entries(declared).sort(([a], [b]) => Number(a) - Number(b))) {
    const content = tokenContent(token)
    if (content === null || content === '' || known.has(content)) continue
    known.add(content)
    if (isOn(token, 'special')) {
      addSpecial(native, content, token)
      special.push(content)
    } else native.addTokens([content])
  }
  return special
}

function unknownOf(model: unknown): string | null {
  if (!isJsonObject(model)) return null
  if (typeof model['unk_token'] === 'string') return model['unk_token']
  const entry: unknown = typeof model['unk_id'] === 'number' ? listAt(model, 'vocab')[model['unk_id']] : null
  return Array.isArray(entry) && typeof entry[0] === 'string' ? entry[0] : null
}

/**
 * The special tokens by role: as tokenizer_config.json names them, else special_tokens_map.json, else the usual names. Those that the
 * vocabulary holds but tokenizer.json does not list are added, so that they stay whole where a text spells them.
 */
export function resolveSpecialTokens(native: NativeTokenizer, source: TokenizerDefinition): ResolvedTokens {
  const listed = listAt(source.definition, 'added_tokens').filter(isJsonObject)
  const known = new Set(listed.map((token) => String(token['content'])))
  const special = listed.filter((token) => token['special'] === true).map((token) => String(token['content']))
  special.push(...addDeclared(native, source.settings, known))
  const ids = new Set(special.map((content) => native.tokenToId(content)).filter((id) => id !== null))
  const roleId = (role: SpecialRole): number | null => {
    const declared = source.settings[`${role}_token`] ?? source.specialTokensMap[`${role}_token`]
    const fromModel = role === 'unk' ? unknownOf(source.definition['model']) : null
    const names = [tokenContent(declared), fromModel, ...USUAL_NAMES[role]]
    const content = names.find((name) => name !== null && name !== '' && native.tokenToId(name) !== null) ?? null
    if (content === null) return null
    if (!known.has(content)) addSpecial(native, content, declared)
    known.add(content)
    const id = native.tokenToId(content)
    if (id !== null) ids.add(id)
    return id
  }
  const roles: SpecialTokens = {
    pad: roleId('pad'),
    unk: roleId('unk'),
    cls: roleId('cls'),
    sep: roleId('sep'),
    mask: roleId('mask'),
    bos: roleId('bos'),
    eos: roleId('eos')
  }
  const added = [...known].map((content) => native.tokenToId(content) ?? -1)
  return { roles, ids, highestAdded: added.reduce((highest, id) => Math.max(highest, id), -1) }
}
