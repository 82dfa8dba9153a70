import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { describe, expect, test } from 'vitest'
import { closingLine } from '../../../scripts/lib/closing-line.mjs'
import { exitCode } from '../../../scripts/lib/run.mjs'

const library = pathToFileURL(resolve(import.meta.dirname, '../../../scripts/lib/run.mjs')).href

/** Starts a launcher that runs `code` in a child through `run`, and waits until the child says it is ready. */
async function launch(code: string) {
  const launcher = `import { run } from ${JSON.stringify(library)}
process.exitCode = await run(process.execPath, ['--input-type=module', '-e', ${JSON.stringify(code)}])`
  const child = spawn(process.execPath, ['--input-type=module', '-e', launcher], { stdio: ['ignore', 'pipe', 'inherit'] })
  let output = ''
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString('utf8')))
  const closed = once(child, 'close') as Promise<[number | null, NodeJS.Signals | null]>
  if (code.includes('ready')) await once(child.stdout, 'data')
  return { child, closed, output: () => output }
}

describe('a launched program', () => {
  test('keeps its exit code', async () => {
    const { closed } = await launch('process.exitCode = 2')
    expect(await closed).toEqual([2, null])
  })

  test('is started with the telemetry of the runtime off', async () => {
    const { closed, output } = await launch(`console.log(process.env.ORT_DISABLE_TELEMETRY)`)
    await closed
    expect(output().trim()).toBe('1')
  })

  test('gets an interrupt once, also where it is sent twice in a row, and ends in its own time', async () => {
    const { child, closed, output } = await launch(
      `process.on('SIGINT', () => { console.log('stopping'); setTimeout(() => process.exit(130), 200) }); console.log('ready'); setInterval(() => {}, 1000)`
    )
    child.kill('SIGINT')
    await new Promise((done) => setTimeout(done, 30))
    child.kill('SIGINT')
    expect(await closed).toEqual([130, null])
    expect(output()).toBe('ready\nstopping\n')
  })

  test('gets a request to end', async () => {
    const { child, closed } = await launch(
      `process.on('SIGTERM', () => process.exit(7)); console.log('ready'); setInterval(() => {}, 1000)`
    )
    child.kill('SIGTERM')
    expect(await closed).toEqual([7, null])
  })

  test('that a signal ends has the code a shell reports', () => {
    expect(exitCode(null, 'SIGKILL')).toBe(137)
    expect(exitCode(0, null)).toBe(0)
  })
})

describe('the closing line of the tests', () => {
  const file = (status: string, ...tests: string[]) => ({ status, assertionResults: tests.map((test) => ({ status: test })) })

  test('counts tests', () => {
    const results = { numPassedTests: 3, numFailedTests: 1, numPendingTests: 1, numTodoTests: 1 }
    const counts = closingLine({ ...results, testResults: [file('failed', 'passed', 'failed'), file('passed', 'passed')] })
    expect(counts.line).toBe('3 passed, 1 failed, 2 skipped')
  })

  test('counts a file that could not be loaded as a failure', () => {
    const results = { numPassedTests: 3, numFailedTests: 0, numPendingTests: 0, numTodoTests: 0 }
    expect(closingLine({ ...results, testResults: [file('failed'), file('passed', 'passed')] }).line).toBe(
      '3 passed, 1 failed, 0 skipped'
    )
  })
})
