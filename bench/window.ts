/**
 * Whether the window stays free while a run trains with live charts: how long a turn of main's event loop, and a task of the page's own thread, took at most.
 * Both are told as they passed and as the thread's own processor time: on a machine with other work the first counts what it stood in the queue, too. Needs the
 * built program (`npm run build`); Linux only.
 *
 *     node bench/window.ts [--seconds 60] [--json] [--trace FILE]
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { parseArgs } from 'node:util'
import type { Browser, Page } from 'playwright-core'
import { launchBrowser } from '../test/helpers/browser.ts'
import type { Turn, Turns } from './watch-turns.ts'

const { values: options } = parseArgs({
  options: { seconds: { type: 'string', default: '60' }, json: { type: 'boolean', default: false }, trace: { type: 'string' } }
})
const root = join(import.meta.dirname, '..')
/** One frame, in milliseconds. */
const FRAME = 16
/** What is recorded of the page, and for a trace that somebody reads what its tasks did and when memory was cleared; not `v8`, which starts the profiler. */
const TASKS = ['toplevel', '__metadata']
const WITHIN = ['devtools.timeline', ...['v8.gc', 'cppgc', 'blink_gc'].map((each) => `disabled-by-default-${each}`)]

/** Asks main what the page itself asks it, with the page's own bearer. */
const ASK = `
  async (channel, argument) => {
    const headers = { 'Content-Type': 'application/json', Authorization: 'Bearer ' + sessionStorage.getItem('attune-session') }
    const response = await fetch('/api/' + channel, { method: 'POST', headers, body: JSON.stringify({ argument }) })
    const answer = await response.json()
    if (!answer.ok) throw new Error(channel + ': ' + JSON.stringify(answer.error))
    return answer.value
  }
`

/** Starts a run of the practice letters that trains for longer than anybody looks, and resolves to its id once it takes steps. */
const START = `
  (async () => {
    const ask = ${ASK}
    const { id: dataset } = await ask('data:openSample', 'letters')
    const [model] = await ask('models:list')
    const changed = { 'training.num_train_epochs': 1000, 'training.early_stopping': null, 'training.logging_steps': 1 }
    const facts = { dataset, model: model.id, thoroughness: 0, mustNotMiss: null, quietly: false, name: null }
    const id = await ask('runs:start', { ...facts, changed })
    for (;;) {
      const { state, step, failure } = await ask('runs:get', id)
      if (state === 'failed') throw new Error(JSON.stringify(failure))
      if (state === 'running' && step > 0) return id
      await new Promise((done) => setTimeout(done, 200))
    }
  })()
`

/** Tasks of the page's main thread from a trace of Chromium: times in microseconds there. */
function tasksOf(trace: Buffer): readonly Turn[] {
  interface TraceEvent {
    readonly name: string
    readonly ph: string
    readonly pid: number
    readonly tid: number
    readonly ts: number
    readonly dur?: number
    readonly tdur?: number
    readonly args?: { readonly name?: string }
  }
  const { traceEvents } = JSON.parse(trace.toString('utf8')) as { readonly traceEvents: readonly TraceEvent[] } // Chromium's form.
  const threads = new Set(
    traceEvents
      .filter(({ name, args }) => name === 'thread_name' && args?.name === 'CrRendererMain')
      .map(({ pid, tid }) => `${pid} ${tid}`)
  )
  return traceEvents
    .filter(({ name, ph, pid, tid }) => ph === 'X' && /RunTask$/.test(name) && threads.has(`${pid} ${tid}`))
    .map(({ ts, dur = 0, tdur = 0 }) => ({ at: ts / 1000, elapsed: dur / 1000, own: tdur / 1000 }))
}

const long = (turns: readonly Turn[]): readonly Turn[] => turns.filter(({ elapsed }) => elapsed > 4)
const most = (turns: readonly Turn[], of: 'elapsed' | 'own'): number => turns.reduce((max, turn) => Math.max(max, turn[of]), 0)
const over = (turns: readonly Turn[], of: 'elapsed' | 'own'): number => turns.filter((turn) => turn[of] > FRAME).length

function show(who: string, turns: readonly Turn[]): string {
  const said = (of: 'elapsed' | 'own'): string => `at most ${most(turns, of).toFixed(1)} ms, ${over(turns, of)} over ${FRAME}`
  return `${who.padEnd(22)} as it passed: ${said('elapsed')}   own processor time: ${said('own')}\n`
}

/** Opens the page and starts the run. */
async function startRun(browser: Browser, address: string): Promise<{ page: Page; run: string }> {
  const page = await browser.newPage({ locale: 'en-GB', viewport: { width: 1366, height: 768 } })
  await page.goto(address)
  await page.getByRole('button', { name: /^Sort documents/ }).waitFor()
  return { page, run: await page.evaluate<string>(START) }
}

/** What Chromium traces while something is done. */
async function traced(browser: Browser, page: Page, act: () => Promise<void>): Promise<Buffer> {
  await browser.startTracing(page, { categories: options.trace === undefined ? TASKS : [...TASKS, ...WITHIN] })
  await act()
  return browser.stopTracing()
}

async function showRun(page: Page, run: string): Promise<void> {
  await page.evaluate(`location.hash = '#/runs/${run}'`)
  await page.locator('.uplot canvas').first().waitFor()
  await page.waitForTimeout(2000)
}

const folder = await mkdtemp(join(tmpdir(), 'attune-bench-window-'))
const turnsFile = join(folder, 'turns.json')
const application = spawn(
  process.execPath,
  ['--import', join(import.meta.dirname, 'watch-turns.ts'), join(root, 'out/main/cli.js'), 'open', '--no-open', '--json'],
  {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, ATTUNE_DATA: join(folder, 'data'), ATTUNE_BENCH_TURNS: turnsFile, ORT_DISABLE_TELEMETRY: '1' }
  }
)
const closed = once(application, 'close')
const [line] = (await once(createInterface({ input: application.stdout }), 'line')) as [string] // As Node declares it.
const { address } = JSON.parse(line) as { readonly address: string } // The command's one event.
const browser = await launchBrowser()
try {
  const { page, run } = await startRun(browser, address)
  const stepOf = (): Promise<number> => page.evaluate<number>(`(${ASK})('runs:get', '${run}').then(({ step }) => step)`)
  const opening = tasksOf(await traced(browser, page, () => showRun(page, run)))
  const before = await stepOf()
  const trace = await traced(browser, page, async () => {
    application.kill('SIGUSR2')
    await page.waitForTimeout(1000 * Number(options.seconds))
    application.kill('SIGUSR2')
  })
  if (options.trace !== undefined) await writeFile(options.trace, trace)
  const tasks = tasksOf(trace)
  const steps = (await stepOf()) - before
  const main = JSON.parse(await readFile(turnsFile, 'utf8')) as Turns // watch-turns.ts wrote it.
  if (options.json) process.stdout.write(`${JSON.stringify({ steps, main, opening: long(opening), tasks: long(tasks) })}\n`)
  else {
    const { seconds, delay } = main
    process.stdout.write(`${seconds.toFixed(0)} s, ${steps} steps shown, ${tasks.length} tasks of the page\n`)
    process.stdout.write(show("main's event loop", main.long))
    process.stdout.write(show('the run is opened', opening))
    process.stdout.write(show("the page's thread", tasks))
    process.stdout.write(
      `delay of main's loop (perf_hooks): median ${delay.p50.toFixed(1)} ms, 99th ${delay.p99.toFixed(1)} ms, most ${delay.most.toFixed(1)} ms\n`
    )
  }
} finally {
  await browser.close()
  application.kill('SIGTERM')
  await closed
  await rm(folder, { recursive: true, force: true })
}
