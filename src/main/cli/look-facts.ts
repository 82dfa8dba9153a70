import { counted, harmless } from '../base/wording.ts'
import { NO_BREAK, whole } from '../report/numbers.ts'
import type { FinishedEvent } from '../worker/protocol.ts'
import type { Fixed } from '../worker/look/write-fixed.ts'
import type { CloseFinding, Roles } from '../worker/scrutiny/scrutiny-types.ts'
import { factLines, numberAt } from './facts.ts'

/** Rows of a finding that a page names; --rows writes them all. */
const SHOWN = 8

type Told = Omit<CloseFinding, 'fixes'> & { readonly fixes: readonly string[] }

/** What `attune look` found: each finding with its first rows and what puts it right, and what was written. */
export function lookPage(finished: FinishedEvent): string {
  // Made by lookAtData; JSON keeps their shape.
  const [findings, roles, fixed] = [
    finished['findings'] as readonly Told[],
    finished['roles'] as Roles,
    finished['fixed'] as Fixed | null
  ]
  const leftOut = numberAt(finished, 'left_out') ?? 0
  const head = factLines([
    ['Rows', whole(numberAt(finished, 'rows') ?? 0)],
    ['Text', harmless(roles.text ?? '')],
    ['Answer', `${harmless(roles.answer ?? '')} (${TASKS[roles.task]})`],
    ...(roles.belonging === 'column' ? [['Group', harmless(roles.group ?? '')] as const] : []),
    ...(leftOut === 0 ? [] : [['Left out', `${counted(leftOut, 'row')} that cannot be read; attune inspect says why`] as const])
  ])
  const parts = findings.length === 0 ? ['Nothing was found that needs a look.'] : findings.map(findingPart)
  const written =
    fixed === null
      ? []
      : [`Wrote ${counted(fixed.rows, 'row')} to ${harmless(fixed.out)}: ${fixed.note}. The data themselves stay as they are.`]
  return `${[head, ...parts, ...written].join('\n\n').replaceAll(NO_BREAK, ' ')}\n`
}

const TASKS: Readonly<Record<Roles['task'], string>> = {
  'text-classification': 'classes',
  regression: 'scores',
  'token-classification': 'marked passages',
  'question-answering': 'answers to questions'
}

function findingPart({ code, sentence, lines, remarks, fixes }: Told): string {
  const rows = lines.slice(0, SHOWN).map((line, i) => {
    const remark = remarks?.[i]
    return `    line ${line}${remark === undefined ? '' : `: ${harmless(remark)}`}`
  })
  const more = lines.length > SHOWN ? [`    and ${whole(lines.length - SHOWN)} more: --rows FILE.csv writes all of them`] : []
  const fix = fixes.map(
    (how) => `    ${(code === 'languages' ? 'Without these rows' : FIXES[how]) ?? how}: --fix ${code} --out FILE.csv`
  )
  return [`${code}\n  ${harmless(sentence)}`, ...rows, ...more, ...fix].join('\n')
}

const FIXES: Readonly<Record<string, string>> = {
  drop: 'Without the copies, the first of each set kept',
  merge: 'With these classes merged',
  relabel: 'With the labels that are suggested'
}
