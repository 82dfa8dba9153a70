import type { TrainerTask } from '../worker/protocol.ts'

/** The run's folder or configuration that a task is about: what the task leaves in the shared caches belongs to that run's project. */
export function subjectOf(task: TrainerTask): string | null {
  if ('runFolder' in task) return task.runFolder
  if (task.kind === 'profile') return task.subject
  return 'configFile' in task ? task.configFile : null
}
