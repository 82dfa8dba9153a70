import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { InputError } from '../../../../../src/main/base/errors.ts'
import { createTokenizer, loadTokenizer } from '../../../../../src/main/engine/text/tokenizer.ts'
import type { JsonObject } from '../../../../../src/main/engine/text/json.ts'
import { FIXTURES, readGolden } from './fixture.ts'

const { texts, tokenizers } = await readGolden()

interface Definition extends JsonObject {
  model: JsonObject & { vocab: Record<string, number>; merges?: [string, string][] }
  post_processor: JsonObject
}

async function definitionOf(name: string): Promise<Definition> {
  // The fixture's own shape.
  return JSON.parse(await readFile(join(FIXTURES, name, 'tokenizer.json'), 'utf8')) as Definition
}

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'attune-tokenizer-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

async function folderWith(name: string, files: Record<string, string>): Promise<string> {
  const path = join(folder, name)
  await mkdir(path, { recursive: true })
  for (const [file, content] of Object.entries(files)) await writeFile(join(path, file), content)
  return path
}

async function idsIn(path: string): Promise<number[][]> {
  return (await (await loadTokenizer(path)).encode(texts)).map(({ a }) => [...a])
}

async function refusal(path: string): Promise<InputError> {
  const error: unknown = await loadTokenizer(path).then(
    () => null,
    (thrown: unknown) => thrown
  )
  if (error instanceof InputError) return error
  throw new Error('no InputError was thrown', { cause: error })
}

describe('older folders', () => {
  it.each(['bert-uncased', 'distilbert-cased'])('with vocab.txt make the same tokens as tokenizer.json: %s', async (name) => {
    const { vocab } = (await definitionOf(name)).model
    const lines = Object.entries(vocab)
      .sort(([, a], [, b]) => a - b)
      .map(([token]) => `${token}\r\n`)
    const path = await folderWith(name, { 'vocab.txt': lines.join('') })
    await copyFile(join(FIXTURES, name, 'tokenizer_config.json'), join(path, 'tokenizer_config.json'))
    expect(await idsIn(path)).toEqual(tokenizers[name]?.content)
    const tokenizer = await loadTokenizer(path)
    expect(tokenizer.specialTokens).toMatchObject(tokenizers[name]?.special ?? {})
    expect(tokenizer.template).toEqual((await loadTokenizer(join(FIXTURES, name))).template)
  })

  it('with vocab.json and merges.txt make the same tokens as tokenizer.json', async () => {
    const { vocab, merges = [] } = (await definitionOf('roberta')).model
    const lines = merges.map((pair) => `${pair.join(' ')}\n`)
    const files = { 'vocab.json': JSON.stringify(vocab), 'merges.txt': `#version: 0.2\n${lines.join('')}` }
    const path = await folderWith('roberta', files)
    expect(await idsIn(path)).toEqual(tokenizers['roberta']?.content)
    const tokenizer = await loadTokenizer(path)
    expect(tokenizer.specialTokens).toMatchObject(tokenizers['roberta']?.special ?? {})
    expect(tokenizer.template).toEqual((await loadTokenizer(join(FIXTURES, 'roberta'))).template)
  })

  it('without any usable file are refused with what to ask for', async () => {
    const error = await refusal(await folderWith('sentencepiece', { 'sentencepiece.bpe.model': 'x' }))
    expect(error.code).toBe('tokenizer-missing')
    expect(error.message).toMatch(/has no tokenizer\.json\. Ask whoever gave you the model/)
  })

  it('with a vocabulary that lacks special tokens are refused by name', async () => {
    const error = await refusal(await folderWith('no-specials', { 'vocab.txt': '[PAD]\n[UNK]\nthe\n' }))
    expect(error.message).toMatch(/special token \[CLS\]/)
  })
})

describe('settings beside tokenizer.json', () => {
  it('that cut, pad or merge at random inside tokenizer.json are ignored', async () => {
    const definition = await definitionOf('roberta')
    const noisy = {
      ...definition,
      truncation: { direction: 'Right', max_length: 4, strategy: 'LongestFirst', stride: 0 },
      padding: {
        strategy: { Fixed: 50 },
        direction: 'Right',
        pad_to_multiple_of: null,
        pad_id: 1,
        pad_type_id: 0,
        pad_token: '<pad>'
      },
      model: { ...definition.model, dropout: 0.9 }
    }
    const path = await folderWith('noisy', { 'tokenizer.json': JSON.stringify(noisy) })
    expect(await idsIn(path)).toEqual(tokenizers['roberta']?.content)
  })

  it('win over it as in the classes of Hugging Face, and not in the generic one', async () => {
    const definition = JSON.stringify(await definitionOf('bert-uncased'))
    const settings = { tokenizer_class: 'BertTokenizer', do_lower_case: false }
    const cased = await loadTokenizer(
      await folderWith('cased', { 'tokenizer.json': definition, 'tokenizer_config.json': JSON.stringify(settings) })
    )
    const generic = { ...settings, tokenizer_class: 'PreTrainedTokenizerFast' }
    const uncased = await loadTokenizer(
      await folderWith('generic', { 'tokenizer.json': definition, 'tokenizer_config.json': JSON.stringify(generic) })
    )
    const [upper] = await cased.encode(['PATIENT'])
    const [lower] = await uncased.encode(['PATIENT'])
    expect([...(upper?.a ?? [])]).toEqual([cased.specialTokens.unk])
    expect([...(lower?.a ?? [])]).toEqual([uncased.idOf('patient')])
    expect(cased.contentHash).not.toBe(uncased.contentHash)
  })

  it('name special tokens that tokenizer.json does not list, and these stay whole', async () => {
    const definition = await definitionOf('bert-uncased')
    const files = {
      'tokenizer.json': JSON.stringify({ ...definition, added_tokens: [] }),
      'special_tokens_map.json': JSON.stringify({ pad_token: '[PAD]', mask_token: { content: '[MASK]', lstrip: true } })
    }
    const tokenizer = await loadTokenizer(await folderWith('unlisted', files))
    const [row] = await tokenizer.encode(['seen [MASK] today'])
    expect(row?.a.filter((id) => id === tokenizer.specialTokens.mask).length).toBe(1)
    expect(tokenizer.specialTokens).toMatchObject(tokenizers['bert-uncased']?.special ?? {})
  })

  it('add the tokens that only tokenizer_config.json declares', async () => {
    const definition = await definitionOf('bert-uncased')
    const size = tokenizers['bert-uncased']?.size ?? 0
    const settings = {
      added_tokens_decoder: { [size]: { content: '<date>', special: false }, [size + 1]: { content: '<name>', special: true } }
    }
    const files = { 'tokenizer.json': JSON.stringify(definition), 'tokenizer_config.json': JSON.stringify(settings) }
    const tokenizer = await loadTokenizer(await folderWith('added', files))
    expect([tokenizer.idOf('<date>'), tokenizer.idOf('<name>')]).toEqual([size, size + 1])
    expect([tokenizer.vocabularySize, tokenizer.highestId]).toEqual([size + 2, size + 1])
    expect([tokenizer.specialIds.has(size), tokenizer.specialIds.has(size + 1)]).toEqual([false, true])
    const [row] = await tokenizer.encode(['seen <date>'])
    expect(row?.a.at(-1)).toBe(size)
  })
})

describe('a damaged tokenizer.json', () => {
  it.each([
    ['cut short', '{"version": "1.0", "model": {"ty', /not valid JSON/],
    ['of another kind', '[1, 2]', /must hold a JSON object/],
    ['without a model', '{"version": "1.0"}', /no "model" section/],
    ['without a vocabulary', '{"model": {"type": "WordPiece", "vocab": {}}}', /vocabulary is empty/],
    [
      'with a negative id',
      '{"model": {"type": "WordPiece", "unk_token": "a", "vocab": {"a": -1, "b": 3}}}',
      /not a tokenizer that can be used: invalid value/
    ],
    ['with a huge id', '{"model": {"type": "WordPiece", "vocab": {"a": 4000000000}}}', /4000000000 is too large/],
    ['of an unknown model', '{"model": {"type": "Magic", "vocab": {"a": 0}}}', /not a tokenizer that can be used/]
  ])('%s is refused in one sentence', async (name, content, message) => {
    const error = await refusal(await folderWith(`damaged ${name}`, { 'tokenizer.json': content }))
    expect(error.message).toMatch(message)
    expect(error.where.file).toMatch(/tokenizer\.json$/)
  })

  /** Each of these would abort the process inside the native library. */
  const fatal: [string, string, (definition: Definition) => JsonObject, RegExp][] = [
    [
      'an undeclared special token',
      'bert-uncased',
      (d) => ({ post_processor: { ...d.post_processor, special_tokens: {} } }),
      /without declaring/
    ],
    [
      'a special token beyond the vocabulary',
      'roberta',
      (d) => ({ post_processor: { ...d.post_processor, cls: ['<s>', 99_999] } }),
      /id that the vocabulary does not have/
    ],
    ['pieces of length 0', 'bert-uncased', () => ({ pre_tokenizer: { type: 'FixedLength', length: 0 } }), /length 0/],
    [
      'a damaged character map in a sequence',
      'xlm-roberta',
      () => ({ normalizer: { type: 'Sequence', normalizers: [{ type: 'Precompiled', precompiled_charsmap: 'AAAA' }] } }),
      /character map/
    ],
    [
      'an unmarked merge',
      'roberta',
      () => ({
        model: { type: 'BPE', vocab: { a: 0, '##b': 1, ab: 2 }, merges: [['a', '##b']], continuing_subword_prefix: '#####' }
      }),
      /lacks the mark #####/
    ]
  ]
  it.each(fatal)('with %s is refused before it reaches the library', async (name, of, change, message) => {
    const definition = await definitionOf(of)
    const created = createTokenizer({
      definition: { ...definition, ...change(definition) },
      settings: {},
      specialTokensMap: {},
      file: `${name}.json`
    })
    await expect(created).rejects.toThrow(InputError)
    await expect(created).rejects.toThrow(message)
  })

  it('nested without end is refused', async () => {
    let normalizer: JsonObject = { type: 'NFC' }
    for (let i = 0; i < 50; i++) normalizer = { type: 'Sequence', normalizers: [normalizer] }
    const definition = { ...(await definitionOf('roberta')), normalizer }
    const created = createTokenizer({ definition, settings: {}, specialTokensMap: {}, file: 'tokenizer.json' })
    await expect(created).rejects.toThrow(/nested too deeply/)
  })

  it('without its unknown token is refused', async () => {
    const definition = await definitionOf('bert-uncased')
    const model = { ...definition.model, unk_token: '[NONE]' }
    const tokenizer = await createTokenizer({
      definition: { ...definition, model },
      settings: {},
      specialTokensMap: {},
      file: 'tokenizer.json'
    })
    await expect(tokenizer.encode(['\u{13A3}'])).rejects.toThrow(/tokenizer\.json cannot tokenize this text/)
  })
})
