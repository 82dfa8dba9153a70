import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { stringify } from 'yaml'
import { z } from 'zod'
import { InputError } from '../../../../src/main/base/errors.ts'
import { runJsonSchema } from '../../../../src/main/config/json-schema.ts'
import { readOption } from '../../../../src/main/config/read-options.ts'
import { parseRunConfig } from '../../../../src/main/config/run-config.ts'
import { runSchema } from '../../../../src/main/config/schema.ts'
import { toYaml } from '../../../../src/main/config/to-yaml.ts'
import { allowedBy, oddValue, withOdd } from './arbitrary-options.ts'

const allowed = allowedBy(runSchema.shape)
const odd = fc
  .tuple(allowed, oddValue, fc.infiniteStream(fc.nat(9)))
  .map(([value, replacement, dice]) => withOdd(value, replacement, () => dice.next().value))

const files = fc.constantFrom<object[]>(
  { file: 'a' },
  { train: 'a' },
  { train: 'a', test: 'b' },
  { train: 'a', validation: 'b', test: 'c' },
  { file: 'a', split: { train: 0.8, validation: 0.1, test: 0.1 } }
)
/** Runs whose files do not contradict each other; most random ones do. */
const withFiles = fc.tuple(allowed, files).map(([value, named]) => {
  const { data = {}, ...rest } = value as { readonly data?: object }
  const kept = Object.entries(data).filter(([key]) => !['file', 'train', 'validation', 'test', 'split'].includes(key))
  return { ...rest, data: { ...Object.fromEntries(kept), ...named } }
})

/** The run, or null where the source is refused in the proper way. Anything else that is thrown fails the test. */
function parse(source: string | Uint8Array, name = 'run.yaml') {
  try {
    return parseRunConfig(source, name)
  } catch (error) {
    if (!(error instanceof InputError)) throw error
    expect(error.message).toMatch(/^[^\n\p{Cc}]{10,}[.?]$/u)
    return null
  }
}

const skeleton =
  'task: masked-lm\nmodel: m\ndata: { file: a, text: t }\nmethod: { type: lora }\ntraining: { seed: 1, max_length: 8 }\n'

describe('whatever the file holds, it is read or refused with a sentence', () => {
  it('random bytes', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => void parse(bytes)))
  })

  it('random text', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', maxLength: 100 }),
        fc.constantFrom('run.yaml', 'run.json'),
        (text, name) => void parse(text, name)
      )
    )
  })

  it('text out of the characters that mean something in YAML', () => {
    const part = fc.constantFrom(
      ...'{}[],:#&*!|>\'"%@`-?\n\n  \t~\\'.split(''),
      'a',
      'b: ',
      '- ',
      '<<',
      '---\n',
      '...\n',
      'task: ',
      'null',
      '1e9'
    )
    fc.assert(
      fc.property(fc.array(part, { maxLength: 40 }), (parts) => void parse(parts.join(''))),
      { numRuns: 250 }
    )
  })

  it('a good file with a piece cut out or put in', () => {
    const edit = fc.tuple(
      fc.nat(skeleton.length),
      fc.nat(5),
      fc.constantFrom('', '{', '"', '\n', ': ', '&a ', '!!set ', '\t', '\0', '- ')
    )
    fc.assert(
      fc.property(fc.array(edit, { minLength: 1, maxLength: 3 }), (edits) => {
        parse(edits.reduce((text, [at, length, piece]) => text.slice(0, at) + piece + text.slice(at + length), skeleton))
      }),
      { numRuns: 250 }
    )
  })

  it('any values in any place', () => {
    fc.assert(
      fc.property(fc.oneof(fc.jsonValue(), odd), (value) => void parse(JSON.stringify(value), 'run.json')),
      { numRuns: 300 }
    )
  })
})

describe('what the declarations allow', () => {
  it('is read, with each value given and every other at its default', () => {
    fc.assert(
      fc.property(allowed, (value) => {
        const { value: read, problems } = readOption(runSchema, value)
        expect(problems).toEqual([])
        // Reading again what was read changes nothing: defaults are themselves allowed.
        expect(readOption(runSchema, read)).toEqual({ value: read, problems: [] })
      })
    )
  })

  it('survives being written as run.yaml and read again', () => {
    let taken = 0
    fc.assert(
      fc.property(withFiles, (value) => {
        const config = parse(stringify(value, { schema: 'core' }))
        if (config === null) return
        taken++
        expect(parse(toYaml(config))).toEqual(config)
      }),
      { numRuns: 120 }
    )
    // Many random runs contradict themselves; the property must not pass for want of runs.
    expect(taken).toBeGreaterThan(10)
  })

  it('is what the published JSON Schema allows', () => {
    // The published schema as a JSON Schema of zod's own type: the two type systems do not know each other.
    const schema = z.fromJSONSchema(JSON.parse(JSON.stringify(runJsonSchema())) as Parameters<typeof z.fromJSONSchema>[0])
    const verdicts = new Set<boolean>()
    fc.assert(
      fc.property(fc.oneof(allowed, odd), (value) => {
        const isRead = readOption(runSchema, value).problems.length === 0
        verdicts.add(isRead)
        expect({ value, isAllowed: schema.safeParse(value).success }).toEqual({ value, isAllowed: isRead })
      }),
      { numRuns: 300 }
    )
    expect(verdicts.size).toBe(2)
  })
})
