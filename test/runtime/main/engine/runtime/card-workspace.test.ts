import { expect, it } from 'vitest'
import { runModule } from '../../../../helpers/child.ts'

const runtime = new URL('../../../../../src/main/engine/runtime/', import.meta.url)

/** What C reads in CUBLAS_WORKSPACE_CONFIG, at the moment when a pack's first library is asked for, and after the pack's library was loaded. */
async function readByC(pack: string, environment: Readonly<Record<string, string>> = {}): Promise<unknown> {
  const source = `
    import koffi from 'koffi'
    import { libraryPath } from '${new URL('library.ts', runtime).href}'
    import { loadLibrary } from '${new URL('c-api/api.ts', runtime).href}'
    const read = () => koffi.load(null).func('getenv', 'str', ['str'])('CUBLAS_WORKSPACE_CONFIG')
    const seen = []
    const needs = { [Symbol.iterator]: () => (seen.push(read()), [][Symbol.iterator]()) }
    loadLibrary(${pack})
    console.log(JSON.stringify([...seen, read()]))`
  const { code, stdout, stderr } = await runModule(source, { ORT_DISABLE_TELEMETRY: '1', ...environment })
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  return JSON.parse(stdout)
}

// Windows has a copy of the environment for each C runtime of a process.
it.skipIf(process.platform === 'win32')(
  "makes cuBLAS's share of the card small before a CUDA pack is loaded, and there alone",
  async () => {
    // The shipped library stands for a pack's: what is looked at is when the variable is there.
    const pack = '{ library: libraryPath(), needs }'
    const small = ':4096:2:16:8'
    expect(await readByC(pack)).toEqual([small, small])
    expect(await readByC(pack, { CUBLAS_WORKSPACE_CONFIG: ':4096:8' })).toEqual([':4096:8', ':4096:8'])
    expect(await readByC('undefined')).toEqual([null])
  }
)
