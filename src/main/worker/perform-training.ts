import { configHash, readRunConfig } from '../config/run-config.ts'
import { readFile } from '../base/sealed/fs.ts'
import type { Outcome, ProbeEvent, TimeThreadsEvent, TrainerEvent, TrainerTask } from './protocol.ts'
import { runNameOf } from './run-folder.ts'

type TrainingTask = Extract<TrainerTask, { kind: 'train' | 'plan' | 'probe' }>

/** What a trainer gives a task about a run.yaml. */
export interface AroundTraining {
  readonly signal: AbortSignal
  /** Asks to train no further. */
  readonly finish: AbortSignal
  readonly emit: (event: TrainerEvent) => void
  /** Has the parent do something in a process of its own. */
  readonly askFor: (event: ProbeEvent | TimeThreadsEvent) => Promise<Outcome>
  /** Where caches lie, by the folder that runs are written to. */
  readonly cacheFolderOf: (output: string) => string
}

/** Rehearses the run, with as many threads as it will have. */
function probeOf(
  { configFile, microBatch, device }: Extract<TrainingTask, { kind: 'train' | 'plan' }>,
  recomputed: number,
  threads: number
): ProbeEvent {
  const asked = { ...(microBatch !== undefined && { microBatch }), ...(device && { device }) }
  return { event: 'probe', configFile, recomputed, threads, ...asked }
}

/** Trains what a run.yaml says, or says what that would come to, or rehearses it. */
export async function performTraining(task: TrainingTask, around: AroundTraining): Promise<TrainerEvent> {
  const { signal, finish, emit, askFor } = around
  const { withAdapter } = await import('./adapter-start.ts')
  const asked = await withAdapter(await readRunConfig(task.configFile, task.kind === 'probe' ? { device: task.device } : task))
  if (task.kind !== 'probe') {
    const { tellConflict } = await import('./purpose-conflict.ts')
    await tellConflict(asked, task.purpose, signal, emit)
  }
  const goesOn = task.kind === 'train' && task.resume ? { name: runNameOf(task.configFile) } : null
  const { resolveDevice } = await import('./device-choice.ts')
  const { device, why } = await resolveDevice(asked, goesOn)
  if (why !== null && task.kind !== 'probe') emit({ event: 'note', code: 'device', message: why })
  const { resolveThreads } = await import('./thread-choice.ts')
  const mayTime = task.kind === 'train' || (task.kind === 'plan' && task.probes)
  const threads =
    task.kind === 'probe' && task.threads !== undefined
      ? { count: task.threads, why: null, notes: [] }
      : await resolveThreads({
          config: asked,
          device,
          goesOn,
          isOfSeveral: task.kind === 'train' && task.selection !== undefined,
          time: mayTime ? (trial) => askFor({ event: 'time-threads', ...trial }) : null
        })
  // The run's own number from here on: what is written down, tested, exported and asked later computes with as many.
  const config = { ...asked, training: { ...asked.training, threads: threads.count } }
  const { openRunRuntime } = await import('./run-runtime.ts')
  const runtime = await openRunRuntime({ ...config.training, device })
  const cacheFolder = around.cacheFolderOf(config.output)
  const { microBatch } = task
  try {
    if (task.kind === 'probe') {
      const { probeRun } = await import('./probe-run.ts')
      return await probeRun({ config, runtime, cacheFolder, microBatch, recomputed: task.recomputed, signal })
    }
    const probe = (recomputed: number): Promise<Outcome> => askFor(probeOf(task, recomputed, threads.count))
    if (task.kind === 'plan') {
      for (const message of threads.notes) emit({ event: 'note', code: 'threads', message })
      const { planRun } = await import('./plan-run.ts')
      const examples = task.examples ?? 0
      return await planRun({
        config,
        runtime,
        cacheFolder,
        microBatch,
        examples,
        signal,
        emit,
        probe: task.probes ? probe : null
      })
    }
    const { trainRun } = await import('./train-run.ts')
    const configText = await readFile(task.configFile, 'utf8')
    return await trainRun({
      config,
      configHash: configHash(asked),
      configText,
      name: runNameOf(task.configFile),
      resume: task.resume,
      microBatch,
      selection: task.selection ?? null,
      runtime,
      threads,
      cacheFolder,
      signal,
      finish,
      emit,
      probe
    })
  } finally {
    await runtime.dispose()
  }
}
