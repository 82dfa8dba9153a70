import { resolve } from 'node:path'
import type { Roles } from '../worker/scrutiny/scrutiny-types.ts'
import { InputError } from '../base/errors.ts'
import { shown } from '../base/wording.ts'
import type { TrainerTask } from '../worker/protocol.ts'

const TASKS = ['text-classification', 'regression', 'token-classification'] as const satisfies readonly Roles['task'][]

/** What `attune look` asks of the trainer. @throws InputError for a task that there is not, or flags that do not go together */
export function lookTask(data: string, values: ReadonlyMap<string, string>): TrainerTask {
  const [fix, out, rowsFile] = [values.get('fix'), values.get('out'), values.get('rows')]
  if ((fix === undefined) !== (out === undefined))
    throw new InputError('usage', '--fix and --out go together: what is to be put right, and the new file for it.')
  return {
    kind: 'look',
    data: resolve(data),
    roles: {
      ...column('text', values.get('text')),
      ...column('textPair', values.get('text-pair')),
      ...column('answer', values.get('label')),
      ...column('group', values.get('group')),
      ...column('separator', values.get('separator')),
      ...taskIn(values.get('task'))
    },
    fix: fix === undefined || out === undefined ? null : { codes: fix.split(',').map((code) => code.trim()), out: resolve(out) },
    rowsFile: rowsFile === undefined ? null : resolve(rowsFile)
  }
}

const column = (role: string, name: string | undefined): object => (name === undefined ? {} : { [role]: name })

function taskIn(name: string | undefined): { readonly task?: Roles['task'] } {
  if (name === undefined) return {}
  const task = TASKS.find((each) => each === name)
  if (task) return { task }
  throw new InputError('usage', `--task is ${shown(name)}. It is one of ${TASKS.join(', ')}.`)
}
