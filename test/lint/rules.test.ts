import { ESLint } from 'eslint'
import { resolve } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'

const root = resolve(import.meta.dirname, '../..')

/** Each line is code with the rule that must refuse it, after `//!`; lines without one must pass. */
async function lint(file: string, text: string): Promise<{ found: readonly string[]; expected: readonly string[] }> {
  const eslint = new ESLint({ cwd: root })
  const lines = text.trim().split('\n')
  const expected = lines.flatMap((line, index) => {
    const rule = line.split('//!')[1]?.trim()
    return rule === undefined ? [] : [`${index + 1} ${rule}`]
  })
  const code = lines.map((line) => line.split('//!')[0]!.trimEnd()).join('\n')
  const [result] = await eslint.lintText(`${code}\n`, { filePath: resolve(root, file) })
  const found = result!.messages.map((message) => `${message.line} ${message.ruleId ?? message.message}`)
  return { found: [...new Set(found)], expected }
}

beforeAll(() => {
  // The linter's parser must read the text it is handed, not the file of that name, also where CI is set.
  process.env['TSESTREE_SINGLE_RUN'] = 'false'
})

describe('the linter', () => {
  test('refuses planted faults in the engine', async () => {
    const { found, expected } = await lint(
      'src/main/base/errors.ts',
      `
import { createServer } from 'node:http' //! no-restricted-imports
import { connect } from 'net' //! no-restricted-imports
import { ipcMain } from 'electron' //! no-restricted-syntax
import { Stats } from 'node:fs' //! @typescript-eslint/consistent-type-imports
export const a = Math.random() //! no-restricted-properties
export const b = Date.now() //! no-restricted-properties
export const c = new Date() //! no-restricted-syntax
export const d = fetch('x') //! no-restricted-globals
export const e = new WebSocket('x') //! no-restricted-globals
export const f = globalThis.fetch //! no-restricted-properties
export const g = new Function('return 1') //! no-new-func
export const h = performance.now()
export let i: any = 1 //! @typescript-eslint/no-explicit-any
export async function j(): Promise<void> {}
j() //! @typescript-eslint/no-floating-promises
export function k(kind: 'one' | 'two'): number {
  switch (kind) { //! @typescript-eslint/switch-exhaustiveness-check
    case 'one':
      return 1
  }
  return 2
}
export function l(s: Stats): string {
  return s ? 'yes' : 'no' //! @typescript-eslint/no-unnecessary-condition
}
export default createServer(connect, ipcMain) //! no-restricted-syntax
`
    )
    expect(found.filter((line) => expected.includes(line))).toEqual(expected)
    expect(found.filter((line) => /^(?:12|14) /.test(line))).toEqual([])
  })

  test('refuses eval', async () => {
    const { found } = await lint('src/main/base/errors.ts', `export const a = eval('1')`)
    expect(found).toContain('1 no-eval')
  })

  test('refuses a module of more than 400 lines', async () => {
    const { found } = await lint(
      'src/main/base/errors.ts',
      Array.from({ length: 401 }, (_, i) => `export const a${i} = ${i}`).join('\n')
    )
    expect(found.map((line) => line.split(' ')[1])).toContain('max-lines')
  })

  test.each([
    ['no reason', '// eslint-disable-next-line no-eval'],
    ['no rule', '// eslint-disable-next-line -- the text comes from our own build'],
    ['the whole file without a reason', '/* eslint-disable */']
  ])('refuses a suppression with %s', async (_name, comment) => {
    const { found } = await lint('src/main/base/errors.ts', `const b = 1\n${comment}\nexport const a = eval(String(b))`)
    expect(found.join('\n')).toContain('attune/explained-suppressions')
  })

  test('accepts a suppression with its rule and its reason', async () => {
    const { found } = await lint(
      'src/main/base/errors.ts',
      `// eslint-disable-next-line no-eval -- the text comes from our own build\nexport const a: unknown = eval('1')`
    )
    expect(found).toEqual([])
  })

  test('refuses raw markup in a component', async () => {
    const { found } = await lint(
      'src/renderer/src/App.svelte',
      `<script lang="ts">\n  const text = 'a'\n</script>\n\n{@html text}`
    )
    expect(found).toContain('5 svelte/no-at-html-tags')
  })

  test('keeps the bridge to its two files', async () => {
    const code = `import { ipcRenderer } from 'electron'\n\nipcRenderer.send('x')`
    expect((await lint('src/preload/contract/index.ts', code)).found).toContain('1 no-restricted-syntax')
    expect((await lint('src/preload/index.ts', code)).found).toEqual([])
  })

  test('leaves network modules to the loopback shell', async () => {
    const eslint = new ESLint({ cwd: root })
    const rules = async (file: string): Promise<Record<string, unknown>> => {
      const config = (await eslint.calculateConfigForFile(resolve(root, file))) as { rules: Record<string, unknown> }
      return config.rules
    }
    expect(await rules('src/main/shell/loopback/server.ts')).not.toHaveProperty('no-restricted-imports')
    expect(await rules('src/main/shell/electron/window.ts')).toHaveProperty('no-restricted-imports')
    expect(await rules('src/renderer/src/main.ts')).toHaveProperty('no-restricted-globals')
  })
})
