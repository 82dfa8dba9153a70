import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { forwardOnly, nonDifferentiable, rules } from '../../../../../src/main/engine/autodiff/rules/index.ts'
import { attributesOf } from '../../../../../src/main/engine/graph/onnx/attributes.ts'
import { allOps } from '../../../../../src/main/engine/graph/ops/index.ts'
import { kernels } from '../../../../helpers/interpreter/index.ts'
import { kernelCases } from '../../../../runtime/main/engine/graph/kernel-cases.ts'

const engine = join(import.meta.dirname, '../../../../../src/main/engine')
const opTypes = Object.values(allOps).map(({ type }): string => type)
const sorted = (names: Iterable<string>): string[] => [...names].sort()

/** Every op or rule that the files of a folder export, by way of their definitions. */
async function exported<T>(folder: string, pick: (value: unknown) => T | undefined): Promise<T[]> {
  const files = readdirSync(join(engine, folder)).filter((file) => file.endsWith('.ts') && file !== 'index.ts')
  const modules = await Promise.all(files.map(async (file): Promise<object> => import(join(engine, folder, file))))
  return modules.flatMap((module) => Object.values(module).flatMap((value) => pick(value) ?? []))
}

const has = (value: unknown, key: string): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && key in value

describe('the op vocabulary', () => {
  it('lists every op file, under its own type', async () => {
    const found = await exported('graph/ops', (value) => (has(value, 'infer') ? String(value['type']) : undefined))
    expect(sorted(Object.keys(allOps))).toEqual(sorted(found))
    expect(sorted(Object.keys(allOps))).toEqual(sorted(opTypes))
  })

  it('lists every rule file', async () => {
    const found = await exported('autodiff/rules', (value) => (has(value, 'gradient') ? value : undefined))
    expect(new Set(found)).toEqual(new Set(rules))
    expect(found).toHaveLength(rules.length)
  })

  it('puts each op into exactly one of: with a rule, not differentiable, forward only', () => {
    const accounted = [...rules.map((rule) => rule.op), ...nonDifferentiable, ...forwardOnly].map(({ type }): string => type)
    expect(sorted(accounted)).toEqual(sorted(opTypes))
  })

  it('has a reference kernel and a row of kernel tests for each op', () => {
    expect(sorted(Object.keys(kernels))).toEqual(sorted(opTypes))
    expect(sorted(new Set(kernelCases.map(({ op }) => op)))).toEqual(sorted(opTypes))
  })

  it('has a list of attributes for each op', () => {
    expect(sorted(Object.keys(attributesOf))).toEqual(sorted(opTypes))
  })
})
