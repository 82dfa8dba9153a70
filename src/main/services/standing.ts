import type { Dispatch, ListedDispatch } from '../ipc/dispatch.ts'
import { Standby, standingBy, type RunTask } from '../runs/serving/standby.ts'
import { runTaskBehind } from '../runs/supervisor.ts'

/** Trainers for a window: answers come from one that stays. */
export interface Standing {
  readonly standby: Standby
  readonly runTask: RunTask
}

export function makeStanding(entry: string): Standing {
  const standby = new Standby({ entry, runTask: runTaskBehind })
  return { standby, runTask: standingBy(runTaskBehind, standby) }
}

/** Calls that delete, move or replace what an open model may have mapped: Windows lets nobody touch a file that is. */
const letsGo: ReadonlySet<string> = new Set([
  'models:remove',
  'library:bring',
  'adapters:remove',
  'runs:discard',
  'sweeps:discard',
  'projects:discard',
  'projects:destroyNow',
  'record:restore',
  'record:destroy',
  'record:emptyBin'
])

/** Lets go of every open model before such a call. */
export function lettingGo(dispatch: ListedDispatch, standby: Standby): ListedDispatch {
  const answer: Dispatch = async (channel, argument, caller) => {
    if (letsGo.has(channel)) await standby.release()
    return dispatch(channel, argument, caller)
  }
  return Object.assign(answer, { channels: dispatch.channels })
}
