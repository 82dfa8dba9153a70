import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface, type Interface } from 'node:readline'
import { pipeline } from 'node:stream/promises'
import { Readable } from 'node:stream'
import { parseArgs } from 'node:util'
import type { Browser, Page } from 'playwright-core'
import { Tracker } from '../src/main/tracker/tracker.ts'
import { addRun } from '../src/main/tracker/queries/runs.ts'
import { BuiltPage } from '../test/helpers/built-page.ts'
import { launchBrowser } from '../test/helpers/browser.ts'
import { runRow } from '../test/helpers/run-row.ts'
import { HEAVY_CURVES, INPUT_SCRIPT, STEP_SCRIPT, SCREEN_SCRIPT } from './app-page.ts'

/**
 * The budgets of ux.md §6, with the real trainer at work: how soon the window can be used, how soon a screen is there with 1,000 runs and a table of
 * 1,000,000 rows, how soon a loss point is seen after its step, and how the page answers to hands beside live charts of 100,000 points. Needs the
 * built program (`npm run build`). A figure that could not be taken says why.
 */
const { values: options } = parseArgs({
  options: {
    rows: { type: 'string', default: '1000000' },
    runs: { type: 'string', default: '1000' },
    seconds: { type: 'string', default: '15' },
    json: { type: 'boolean', default: false }
  }
})
const root = join(import.meta.dirname, '..')

interface Figure {
  readonly name: string
  readonly budget: number
  /** Milliseconds; null where it could not be taken. */
  readonly value: number | null
  readonly note: string
}

const figures: Figure[] = []
const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN
const quantile = (values: readonly number[], share: number): number =>
  values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(share * values.length))] ?? Number.NaN

/** Takes a figure; whatever goes wrong is its note, and the others are taken all the same. */
async function take(
  name: string,
  budget: number,
  measure: () => Promise<{ readonly value: number; readonly note?: string }>
): Promise<void> {
  try {
    const { value, note = '' } = await measure()
    figures.push({ name, budget, value: Number.isFinite(value) ? value : null, note })
  } catch (error) {
    figures.push({
      name,
      budget,
      value: null,
      note: `not taken: ${error instanceof Error ? error.message.split('\n')[0] : String(error)}`
    })
  }
  process.stderr.write(`${name}: ${figures.at(-1)?.value?.toFixed(0) ?? figures.at(-1)?.note}\n`)
}

class Application {
  readonly #child: ChildProcess
  readonly #lines: Interface

  constructor(data: string) {
    this.#child = spawn(process.execPath, [join(root, 'out/main/cli.js'), 'open', '--no-open', '--json'], {
      stdio: ['pipe', 'pipe', 'inherit'],
      env: { ...process.env, ATTUNE_DATA: data, ORT_DISABLE_TELEMETRY: '1' }
    })
    if (!this.#child.stdout) throw new Error('The application has no output.')
    this.#lines = createInterface({ input: this.#child.stdout })
  }

  /** A new address; the first is printed of itself. */
  async address(isFirst: boolean): Promise<string> {
    const line = once(this.#lines, 'line') as Promise<[string]> // As Node declares it.
    if (!isFirst) this.#child.stdin?.write('\n')
    return (JSON.parse((await line)[0]) as { readonly address: string }).address // The command's one event.
  }

  async close(): Promise<void> {
    if (this.#child.exitCode !== null) return
    const closed = once(this.#child, 'close')
    this.#child.kill('SIGTERM')
    await closed
  }
}

/** From the request of the page until a person can press what is on it. */
async function openUsable(browser: Browser, address: string): Promise<{ page: Page; value: number }> {
  const page = await browser.newPage({ locale: 'en-GB', viewport: { width: 1366, height: 768 } })
  await page.addInitScript({ content: STEP_SCRIPT })
  const began = performance.now()
  await page.goto(address)
  await page.getByRole('button', { name: /^Sort documents/ }).waitFor()
  return { page, value: performance.now() - began }
}

async function makeTable(path: string, rows: number): Promise<void> {
  function* lines(): Generator<string> {
    yield 'text,label\n'
    for (let i = 0; i < rows; i++)
      yield `"Letter ${i}: longstanding complaint, number ${i % 977}, seen again.",${i % 3 === 0 ? 'urgent' : 'routine'}\n`
  }
  await pipeline(Readable.from(lines()), createWriteStream(path))
}

async function fillTracker(data: string, runs: number): Promise<void> {
  await mkdir(data, { recursive: true, mode: 0o700 })
  const db = new Tracker({ file: join(data, 'attune.sqlite'), backups: join(data, 'backups') })
  db.transaction(() => {
    for (let i = 0; i < runs; i++)
      addRun(db, runRow(`r-bench-${i}`, { state: 'finished', name: `Bench ${i}`, total_steps: 100, step: 100 }))
  })
  db.dispose()
}

/** From the press on a place of the rail until its screen stands there without anything still loading. */
async function timeScreens(page: Page): Promise<{ value: number; note: string }> {
  const times: [string, number][] = []
  for (let round = 0; round < 5; round++)
    for (const name of ['Data', 'Runs', 'Library', 'Settings', 'Train', 'Home'])
      times.push([name, await page.evaluate<number>(`(${SCREEN_SCRIPT})(${JSON.stringify(name)})`)])
  const each = Object.entries(Object.groupBy(times, ([name]) => name))
    .map(([name, of = []]) => `${name} ${of.map(([, time]) => time.toFixed(0)).join(' ')}`)
    .join('; ')
  return {
    value: Math.max(...times.map(([, time]) => time)),
    note: `worst of ${times.length}; median ${median(times.map(([, time]) => time)).toFixed(0)} ms (${each})`
  }
}

/** From the line that the trainer writes for a step until the page shows the step. */
async function timeSteps(page: Page, data: string): Promise<{ value: number; note: string }> {
  const written = new Map<number, number>()
  const until = performance.now() + 8000
  while (performance.now() < until) {
    for (const name of await readdir(join(data, 'runs')).catch(() => [])) {
      const lines = (await readFile(join(data, 'runs', name, 'metrics.jsonl'), 'utf8').catch(() => '')).split('\n')
      const now = Date.now()
      for (const line of lines) {
        const step = Number(/"event":"step".*?"step":(\d+)|"step":(\d+).*?"event":"step"/.exec(line)?.slice(1).find(Boolean))
        if (step > 0 && !written.has(step)) written.set(step, now)
      }
    }
    await new Promise((done) => setTimeout(done, 5))
  }
  const seen = await page.evaluate<[number, number][]>('window.attuneSteps ?? []')
  const first = Math.min(...[...written.keys()].filter((step) => step > 5))
  const delays = seen.flatMap(([step, at]) => (step > first && written.has(step) ? [at - written.get(step)!] : []))
  if (delays.length < 3) throw new Error(`only ${delays.length} steps were seen`)
  return { value: quantile(delays, 0.95), note: `95th of ${delays.length} steps; median ${median(delays).toFixed(0)} ms` }
}

/** Presses keys and buttons beside live charts of 100,000 points. */
async function timeHands(seconds: number): Promise<{ input: readonly number[]; tasks: readonly number[] }> {
  const built = await BuiltPage.start()
  try {
    const page = await built.open('#/', { filled: true, beat: 100 })
    await page.evaluate(HEAVY_CURVES)
    await page.evaluate("location.hash = '#/runs/r5'")
    await page.locator('.uplot canvas').first().waitFor()
    await page.waitForTimeout(2000)
    await page.evaluate(INPUT_SCRIPT)
    const until = performance.now() + 1000 * seconds
    for (let i = 0; performance.now() < until; i++) {
      await page.keyboard.press(i % 2 === 0 ? 'Tab' : 'ArrowRight')
      if (i % 5 === 0) await page.mouse.move(400 + (i % 300), 300)
      await page.waitForTimeout(60)
    }
    return await page.evaluate<{ input: number[]; tasks: number[] }>('window.attuneHands')
  } finally {
    await built.stop()
  }
}

const folder = await mkdtemp(join(tmpdir(), 'attune-bench-app-'))
const data = join(folder, 'data')
await fillTracker(data, Number(options.runs))
await makeTable(join(folder, 'million.csv'), Number(options.rows))
const application = new Application(data)
const browser = await launchBrowser()
try {
  const cold = await openUsable(browser, await application.address(true))
  await take('window usable, cold', 3000, async () => ({ value: cold.value }))
  await cold.page.close()
  // A page that was closed keeps its place for five seconds.
  await new Promise((done) => setTimeout(done, 6000))
  const { page, value } = await openUsable(browser, await application.address(false))
  await take('window usable, warm', 1500, async () => ({ value }))
  await take(`a table of ${options.rows} rows is read`, Number.POSITIVE_INFINITY, async () => {
    const began = performance.now()
    const [chooser] = await Promise.all([
      page.waitForEvent('filechooser'),
      page.getByRole('button', { name: 'Choose a file' }).first().click()
    ])
    await chooser.setFiles(join(folder, 'million.csv'))
    await page.getByRole('grid').first().waitFor({ timeout: 300_000 })
    return { value: performance.now() - began }
  })
  // The first own file brings a question about encryption; the practice data need no answer.
  await page.getByRole('dialog').waitFor()
  await page.keyboard.press('Escape')
  await page.getByRole('dialog').waitFor({ state: 'detached', timeout: 5000 })
  await page.getByRole('link', { name: 'Home', exact: true }).click()
  await page.getByRole('button', { name: /^Open Clinical letters/ }).click()
  await page.getByRole('link', { name: 'Continue to training' }).click()
  await page.getByRole('button', { name: 'Start training' }).click()
  await take('a loss point after its step', 250, () => timeSteps(page, data))
  await take(`a screen, with ${options.runs} runs and ${options.rows} rows`, 100, () => timeScreens(page))
  let hands: Awaited<ReturnType<typeof timeHands>> | undefined
  await take('input, 95th percentile', 100, async () => {
    hands = await timeHands(Number(options.seconds))
    return {
      value: hands.input.length === 0 ? 16 : quantile(hands.input, 0.95),
      note: `${hands.input.length} inputs took over 16 ms`
    }
  })
  await take('longest task of the page', 50, async () => {
    if (!hands) throw new Error('the page was not measured')
    return { value: Math.max(0, ...hands.tasks), note: `${hands.tasks.length} tasks over 50 ms` }
  })
} finally {
  await browser.close()
  await application.close()
  await rm(folder, { recursive: true, force: true })
}

if (options.json) process.stdout.write(`${JSON.stringify(figures)}\n`)
else
  for (const { name, budget, value, note } of figures) {
    const verdict = value === null ? 'not taken' : value <= budget ? 'within' : 'OVER'
    const limit = Number.isFinite(budget) ? `${budget} ms` : 'none'
    process.stdout.write(
      `${name.padEnd(48)} ${(value?.toFixed(0) ?? '–').padStart(7)} ms   budget ${limit.padStart(8)}   ${verdict.padEnd(9)} ${note}\n`
    )
  }
