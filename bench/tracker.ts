// `node bench/tracker.ts [RUNS] [POINTS]`: how long the tracker's lists and overlays take with 1,000 runs of 10,000 points each, as main answers them.
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { allAttached } from '../src/main/runs/attached.ts'
import { curvesOf } from '../src/main/runs/curves.ts'
import { summaryOf } from '../src/main/runs/summary.ts'
import { addProject, listProjects } from '../src/main/tracker/queries/projects.ts'
import { addEvaluation, addMetricPoints, evaluationsOfRun, metricsOfRun } from '../src/main/tracker/queries/metrics.ts'
import { auditCount, auditRows, setTags } from '../src/main/tracker/queries/record.ts'
import { addRun, listRuns } from '../src/main/tracker/queries/runs.ts'
import { Tracker } from '../src/main/tracker/tracker.ts'
import { runRow } from '../test/helpers/run-row.ts'

const [runs = 1000, points = 10_000] = process.argv.slice(2).map(Number)
const REPEATS = 20
const folder = mkdtempSync(join(tmpdir(), 'attune-bench-'))
const file = join(folder, 'attune.sqlite')
const db = new Tracker({ file, backups: folder })

const idOf = (n: number): string => `r-${String(n).padStart(5, '0')}`
const series = Array.from({ length: points }, (_, i) => ({
  step: i + 1,
  loss: 2 * Math.exp(-i / 3000) + 0.1 * Math.sin(i),
  learningRate: 1e-3,
  memoryBytes: 4e8 + i,
  tokensPerSecond: 1200 + (i % 97)
}))

const started = performance.now()
for (let p = 0; p < 50; p++)
  addProject(db, {
    id: `p-${p}`,
    name: `Project ${p}`,
    sample: null,
    created_at: '2026-01-01',
    discarded_at: null,
    purpose: 'unsaid'
  })
for (let n = 0; n < runs; n++) {
  const created_at = new Date(Date.UTC(2026, 0, 1, 0, n)).toISOString()
  addRun(db, runRow(idOf(n), { state: 'finished', project_id: `p-${n % 50}`, created_at, name: `Run ${n}` }))
  addMetricPoints(db, idOf(n), series)
  for (let step = 500; step <= points; step += 500)
    addEvaluation(db, idOf(n), { step, metrics: { loss: 1, macro_f1: 0.5 }, isBest: false })
  if (n % 3 === 0) setTags(db, idOf(n), ['keep', `week ${n % 7}`])
}
const filled = (performance.now() - started) / 1000

const curves = (n: number): unknown => curvesOf(metricsOfRun(db, idOf(n)), evaluationsOfRun(db, idOf(n)))
const list = (): unknown => {
  const attached = allAttached(db)
  return listRuns(db).map((row) => summaryOf(row, null, attached(row.id)))
}
const queries: readonly (readonly [string, (turn: number) => unknown])[] = [
  ['list of runs, with tags and notes', list],
  ['projects with counts and newest run', () => listProjects(db)],
  ['curves of one run', (turn) => curves((turn * 37) % runs)],
  ['overlay of six runs', (turn) => [0, 1, 2, 3, 4, 5].map((n) => curves((turn * 41 + n * 13) % runs))],
  ['a page of the record', () => [auditCount(db), auditRows(db, 0, 200)]]
]

const lines = queries.map(([name, query]) => {
  const times = Array.from({ length: REPEATS }, (_, turn) => {
    const begun = performance.now()
    query(turn)
    return performance.now() - begun
  }).sort((a, b) => a - b)
  return { name, median: times[REPEATS >> 1] ?? 0, worst: times.at(-1) ?? 0 }
})

process.stdout.write(
  `${runs} runs × ${points} points: ${(statSync(file).size / 1e9).toFixed(2)} GB, filled in ${filled.toFixed(0)} s\n`
)
for (const { name, median, worst } of lines)
  process.stdout.write(
    `${name.padEnd(40)} median ${median.toFixed(1).padStart(7)} ms   worst ${worst.toFixed(1).padStart(7)} ms\n`
  )
db.dispose()
rmSync(folder, { recursive: true, force: true })
