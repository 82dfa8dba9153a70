import { readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { generatedDocs } from '../../../../scripts/generate-schema.ts'
import type { Fields, Option, Shape } from '../../../../src/main/base/options.ts'
import { readOption } from '../../../../src/main/config/read-options.ts'
import { learningRates, methodOptions, runSchema } from '../../../../src/main/config/schema.ts'

/** Every option of run.yaml by its path. */
function allOptions(shape: Shape, at: string): readonly (readonly [path: string, option: Option<unknown>])[] {
  const within = (fields: Fields, prefix: string) =>
    Object.entries(fields).flatMap(([key, option]) => [
      [`${prefix}${key}`, option] as const,
      ...allOptions(option.shape, `${prefix}${key}.`)
    ])
  switch (shape.kind) {
    case 'group':
      return within(shape.fields, at)
    case 'variants':
      return Object.entries(shape.of).flatMap(([name, fields]) => within(fields, `${at}(${name}) `))
    case 'either':
      return shape.of.flatMap((alternative) => allOptions(alternative, at))
    case 'list':
      return allOptions(shape.item, at)
    default:
      return []
  }
}

const options = allOptions(runSchema.shape, '')

describe('the declarations', () => {
  it('are many, and each has help in whole sentences', () => {
    expect(options.length).toBeGreaterThan(200)
    const bad = options.filter(([, { help }]) => !/^\S.{15,}\.$/.test(help) || help.length > 260)
    expect(bad.map(([path]) => path)).toEqual([])
  })

  it('have defaults that they themselves allow', () => {
    const bad = options.filter(([, option]) => option.fallback && readOption(option, option.fallback.value).problems.length > 0)
    expect(bad.map(([path]) => path)).toEqual([])
  })

  it('have names in snake_case', () => {
    expect(options.map(([path]) => path).filter((path) => !/^[a-z0-9_.() -]*[a-z][a-z0-9_]*$/.test(path))).toEqual([])
  })

  it.each(Object.keys(methodOptions))('give %s a learning rate within its usual range', (type) => {
    const { default: rate, usual } = learningRates[type as keyof typeof learningRates]
    expect(rate).toBeGreaterThanOrEqual(usual[0])
    expect(rate).toBeLessThanOrEqual(usual[1])
  })
})

it('the published docs are those that scripts/generate-schema.ts writes', async () => {
  for (const [path, content] of Object.entries(await generatedDocs())) {
    const published = await readFile(new URL(`../../../../${path}`, import.meta.url), 'utf8')
    expect(published === content, `${path} is out of date: run scripts/generate-schema.ts`).toBe(true)
  }
})
