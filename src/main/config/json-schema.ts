import type { DecimalShape, Fields, Option, Shape, TextFormat } from '../base/options.ts'
import { byteSizePattern } from './describe.ts'
import { runOptions, runSchema } from './schema.ts'

/** A node of a JSON Schema (draft 2020-12). */
export interface JsonSchema {
  readonly [keyword: string]: unknown
}

/** Sections that are the same for every task, told once and referred to. */
const shared: ReadonlyMap<Shape, string> = new Map(
  (['method', 'training', 'head'] as const).map((name) => [runOptions['text-classification'][name].shape, name])
)

/** What editors check a run.yaml with. It knows each option's type and range; what options mean together is known to the reader alone. */
export function runJsonSchema(): JsonSchema {
  const definitions = [...shared].map(([shape, name]) => [name, bare(shape)] as const)
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'Attune run.yaml',
    description: runSchema.help,
    ...bare(runSchema.shape),
    $defs: Object.fromEntries(definitions)
  }
}

function schemaOf(shape: Shape): JsonSchema {
  const name = shared.get(shape)
  return name === undefined ? bare(shape) : { $ref: `#/$defs/${name}` }
}

function bare(shape: Shape): JsonSchema {
  switch (shape.kind) {
    case 'integer':
      return { type: 'integer', minimum: shape.min, ...(shape.max < Number.MAX_SAFE_INTEGER && { maximum: shape.max }) }
    case 'decimal':
      return { type: 'number', ...bounds(shape) }
    case 'flag':
      return { type: 'boolean' }
    case 'choice':
      return { enum: shape.values }
    case 'text':
      return { type: 'string', minLength: 1, maxLength: shape.maxLength, ...formats[shape.format] }
    case 'bytes':
      return {
        anyOf: [
          { type: 'integer', minimum: shape.min, maximum: shape.max },
          { type: 'string', pattern: byteSizePattern }
        ]
      }
    case 'null':
      return { type: 'null' }
    case 'list': {
      const { item, min, max, unique } = shape
      return { type: 'array', items: schemaOf(item), minItems: min, maxItems: max, ...(unique && { uniqueItems: true }) }
    }
    case 'map':
      return { type: 'object', additionalProperties: schemaOf(shape.value), minProperties: 1 }
    case 'group':
      return objectOf(shape.fields)
    case 'either':
      return { anyOf: shape.of.map(schemaOf) }
    case 'variants':
      return { oneOf: Object.entries(shape.of).map(([name, fields]) => objectOf(fields, { [shape.tag]: { const: name } })) }
  }
}

const formats: Readonly<Record<TextFormat, JsonSchema>> = { plain: {}, path: { pattern: '\\S' }, pattern: { format: 'regex' } }

function bounds({ min, max, aboveMin, belowMax }: DecimalShape): JsonSchema {
  const upper = max === Infinity ? {} : { [belowMax ? 'exclusiveMaximum' : 'maximum']: max }
  return { [aboveMin ? 'exclusiveMinimum' : 'minimum']: min, ...upper }
}

function objectOf(fields: Fields, tag: Readonly<Record<string, JsonSchema>> = {}): JsonSchema {
  const options = Object.entries(fields)
  const required = [...Object.keys(tag), ...options.filter(([, { fallback }]) => !fallback).map(([key]) => key)]
  return {
    type: 'object',
    properties: { ...tag, ...Object.fromEntries(options.map(([key, option]) => [key, property(option)])) },
    ...(required.length > 0 && { required }),
    additionalProperties: false
  }
}

function property({ shape, help, fallback }: Option<unknown>): JsonSchema {
  return { ...schemaOf(shape), description: help, ...(fallback && { default: fallback.value }) }
}
