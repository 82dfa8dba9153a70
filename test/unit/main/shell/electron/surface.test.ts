import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { FakeElectron } from '../../../../helpers/electron/fake-electron.ts'
import { fits as trainerFits } from '../../../../helpers/electron/fake-utility-process.ts'
import { FakeContents, FakeWindow, fits as windowFits } from '../../../../helpers/electron/fake-window.ts'

const root = join(import.meta.dirname, '../../../../..')
const declared = readFileSync(join(root, 'node_modules/electron/electron.d.ts'), 'utf8')
const shell = join(root, 'src/main/shell/electron')
const files = [
  ...readdirSync(shell, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join(shell, name)),
  join(root, 'src/main/index.ts'),
  join(root, 'src/main/ipc/register.ts')
]

/** The names of values that a file imports from Electron. */
function imported(file: string): readonly string[] {
  const [, list = ''] = /import \{([^}]*)\} from 'electron'/.exec(readFileSync(file, 'utf8')) ?? []
  const names = list.split(',').map((name) => name.trim())
  return names.filter((name) => name !== '' && !name.startsWith('type '))
}

/** What a namespace of the types says there is. */
const namespace = (name: string): string => new RegExp(`^  namespace ${name} \\{[^]*?\\n  \\}`, 'm').exec(declared)?.[0] ?? ''

test('everything that main takes from Electron is there in the pinned version, and in the fake', () => {
  const names = new Set(files.flatMap(imported))
  expect([...names].sort()).toEqual(Object.keys(new FakeElectron().module).sort())
  // What every kind of process has is declared once.
  const there = namespace('Main') + namespace('Common')
  for (const name of names) expect(there, name).toMatch(new RegExp(`^    (?:const|class) ${name}\\b`, 'm'))
})

test('everything that the preload takes from Electron is there in a sandbox', () => {
  const names = imported(join(root, 'src/preload/index.ts'))
  expect(names).toEqual(['contextBridge', 'ipcRenderer', 'webUtils'])
  for (const name of names) expect(namespace('Renderer'), name).toMatch(new RegExp(`^    (?:const|class) ${name}\\b`, 'm'))
})

test('the fake has what the real one has, and throws on anything else', () => {
  const contents = new FakeContents(() => undefined)
  const window = new FakeWindow({}, () => undefined)
  expect(windowFits(contents, window)).toEqual([contents, window])
  expect(trainerFits).toBeTypeOf('function')
  const { app } = new FakeElectron().module
  expect(() => Reflect.get(app, 'getGPUInfo')).toThrow('The fake Electron has no app.getGPUInfo.')
})
