import { about } from './about.ts'
import { adapters } from './adapters.ts'
import { cards } from './cards.ts'
import { common, shell, shortcuts } from './common.ts'
import { closer } from './closer.ts'
import { compare } from './compare.ts'
import { failures } from './failures.ts'
import { folders } from './folders.ts'
import { intake } from './intake.ts'
import { data, home } from './data.ts'
import { devices } from './devices.ts'
import { datasheet } from './datasheet.ts'
import { dividing } from './dividing.ts'
import { bin, log, marks, projects } from './record.ts'
import { library } from './library.ts'
import { asking } from './asking.ts'
import { mappings } from './mappings.ts'
import { marking } from './marking.ts'
import { packs } from './packs.ts'
import { personal } from './personal.ts'
import { settings } from './rest.ts'
import { charts } from './charts.ts'
import { groups } from './groups.ts'
import { speed } from './speed.ts'
import { report } from './report.ts'
import { review } from './review.ts'
import { thresholds } from './thresholds.ts'
import { exportChoices } from './export-choices.ts'
import { exporting } from './exporting.ts'
import { profile } from './profile.ts'
import { purpose } from './purpose.ts'
import { live, result, runs } from './runs.ts'
import { serving } from './serving.ts'
import { storage } from './storage.ts'
import { curve } from './curve.ts'
import { supervision } from './supervision.ts'
import { sweep } from './sweep.ts'
import { train } from './train.ts'
import { vault } from './vault.ts'
import { use } from './use.ts'
import { versions } from './versions.ts'
import { label } from './label.ts'
import { mark } from './mark.ts'
import { agreement } from './agreement.ts'
import { findings } from './findings.ts'
import { reading } from './reading.ts'
import { cost } from './cost.ts'
import { copies } from './copies.ts'
import { marked } from './marked.ts'
import { passages } from './passages.ts'
import { questions } from './questions.ts'

const english = {
  failures,
  about,
  common,
  shell,
  shortcuts,
  closer,
  compare,
  cards,
  exportChoices,
  exporting,
  profile,
  purpose,
  folders,
  intake,
  data,
  datasheet,
  devices,
  dividing,
  home,
  library,
  asking,
  mappings,
  marking,
  packs,
  personal,
  settings,
  charts,
  groups,
  report,
  review,
  thresholds,
  live,
  result,
  runs,
  serving,
  storage,
  curve,
  supervision,
  speed,
  sweep,
  train,
  vault,
  use,
  bin,
  log,
  marks,
  projects,
  versions,
  label,
  mark,
  agreement,
  findings,
  reading,
  copies,
  cost,
  marked,
  passages,
  questions,
  adapters
}

/** Every string the person reads. A missing one is a type error. */
export type Words = typeof english

/** The catalogue in use; set once, before the page is mounted. */
export let words: Words = english

export function speak(language: string): void {
  words = language === 'pseudo' ? pseudo(english) : english
}

const LETTERS: Readonly<Record<string, string>> = {
  a: 'á',
  e: 'é',
  i: 'í',
  o: 'ó',
  u: 'ú',
  A: 'Á',
  E: 'É',
  I: 'Í',
  O: 'Ó',
  U: 'Ú'
}

/** English, four tenths longer and full of accents: what a translation will do to the screens. */
export function pseudo<T>(value: T): T {
  // The shape is kept: strings stay strings, functions of strings stay such functions.
  return lengthened(value) as T
}

function lengthened(value: unknown): unknown {
  if (typeof value === 'string') return longer(value)
  if (typeof value === 'function') return (...args: readonly unknown[]) => lengthened(Reflect.apply(value, undefined, args))
  if (Array.isArray(value)) return value.map(lengthened)
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, lengthened(inner)]))
  }
  return value
}

function longer(text: string): string {
  const accented = text.replace(/[aeiouAEIOU]/g, (letter) => LETTERS[letter] ?? letter)
  return `${accented}${'·'.repeat(Math.ceil(text.length * 0.4))}`
}
