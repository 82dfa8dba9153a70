import type { ScheduleSettings } from '../optimizers/schedules.ts'
import { isInModules } from '../peft/match-modules.ts'
import type { LossOptions } from '../tasks/losses.ts'
import type { LoopSettings } from './loop-settings.ts'
import { selectParameters, type ModelDefinition, type Parameter, type ParameterSelection } from './model-definition.ts'
import { isDecayExempt, type GroupSettings } from './parameter-groups.ts'
import type { RunSettings, ScheduleChoice } from './run-settings.ts'

/** Number of optimizer steps of a run. */
export function stepsOf(settings: RunSettings, sequences: number): { readonly perEpoch: number; readonly total: number } {
  const micro = Math.ceil(sequences / settings.batchSize)
  const perEpoch = Math.ceil(micro / settings.accumulation)
  const total = Math.ceil(perEpoch * settings.epochs)
  return { perEpoch, total: settings.maxSteps === null ? total : Math.min(total, settings.maxSteps) }
}

/** warmup_steps where given, else warmup_ratio of all steps, rounded up as transformers does. */
const warmupOf = ({ warmupSteps, warmupRatio }: RunSettings, total: number): number =>
  warmupSteps > 0 ? warmupSteps : Math.ceil(total * warmupRatio)

function scheduleOf(choice: ScheduleChoice, settings: RunSettings, total: number): ScheduleSettings {
  const { type, numCycles, power, lrEnd, cutFraction, ratio } = choice
  return {
    type,
    warmupSteps: warmupOf(settings, total),
    totalSteps: total,
    ...(numCycles === undefined ? {} : { numCycles }),
    ...(power === undefined ? {} : { power }),
    endShare: (lrEnd ?? 1e-7) / settings.learningRate,
    ...(cutFraction === undefined ? {} : { cutFraction }),
    ...(ratio === undefined ? {} : { ratio })
  }
}

/** The run's schedules: its own first, then one for each group rule that has another. */
export function schedulesOf(settings: RunSettings, total: number): readonly ScheduleSettings[] {
  const own = scheduleOf(settings.schedule, settings, total)
  return [own, ...settings.groups.flatMap(({ schedule }) => (schedule ? [scheduleOf(schedule, settings, total)] : []))]
}

/** The phase of gradual unfreezing (arXiv:1801.06146) in which a parameter starts to learn: the head first, then layer by layer from the top. */
function phaseOfParameter({ layer, role }: Parameter, settings: RunSettings, layers: number): number {
  if (!settings.gradualUnfreezing || role === 'head') return 0
  const { layersPerPhase } = settings.gradualUnfreezing
  // Embeddings count as the layer below the lowest.
  const depth = role === 'embedding' ? layers + 1 : layers - (layer ?? 0)
  return Math.ceil(depth / layersPerPhase)
}

/** Whether a parameter learns in any phase of the run. */
function everLearns(parameter: Parameter, settings: RunSettings): boolean {
  if (!settings.gradualUnfreezing || parameter.role === 'head') return true
  if (parameter.role === 'embedding') return settings.gradualUnfreezing.stopAtLayer === 0
  return (parameter.layer ?? 0) >= settings.gradualUnfreezing.stopAtLayer
}

/** Drops parameters that no phase of gradual unfreezing reaches: they stay frozen weights. */
function learningOnly(selection: ParameterSelection, settings: RunSettings): ParameterSelection {
  const parameters = selection.parameters.filter((parameter) => parameter.origin !== 'base' || everLearns(parameter, settings))
  return { ...selection, parameters, trainableCount: parameters.reduce((sum, { size }) => sum + size, 0) }
}

/** What a run trains: the method's selection, less what gradual unfreezing never reaches. */
export function selectionOf(definition: ModelDefinition, settings: RunSettings): ParameterSelection {
  return learningOnly(selectParameters(definition), settings)
}

/** The phase that an epoch belongs to. */
export function phaseOfEpoch(epoch: number, settings: RunSettings, layers: number): number {
  if (!settings.gradualUnfreezing) return 0
  const { everyEpochs, layersPerPhase, stopAtLayer } = settings.gradualUnfreezing
  const deepest = layers - stopAtLayer + (stopAtLayer === 0 ? 1 : 0)
  return Math.min(Math.floor(epoch / everyEpochs), Math.ceil(deepest / layersPerPhase))
}

/**
 * A parameter's rate, decay, schedule and phase. Layer-wise decay: layer l learns at rate · decay^(layers − 1 − l), embeddings at the next
 * power, the head at the full rate (arXiv:1905.05583 §5.4.3), unless the head has a rate of its own or a rule names the parameter.
 */
export function groupSettingsOf(settings: RunSettings, layers: number): (parameter: Parameter) => GroupSettings {
  return (parameter) => {
    const { name, layer, role, learningRateScale } = parameter
    const rule = settings.groups.find(({ modules }) => isInModules(name, modules))
    const depth = role === 'embedding' ? layers : layer === null ? 0 : layers - 1 - layer
    const headScale =
      role === 'head' && settings.headLearningRate !== null ? settings.headLearningRate / settings.learningRate : 1
    const ruleScale = rule?.learningRate === undefined ? null : rule.learningRate / settings.learningRate
    const scheduled = settings.groups.filter(({ schedule }) => schedule)
    return {
      learningRateScale: learningRateScale * (ruleScale ?? headScale * settings.layerwiseDecay ** depth),
      weightDecay: isDecayExempt(name) ? 0 : (rule?.weightDecay ?? settings.weightDecay),
      schedule: rule?.schedule ? scheduled.indexOf(rule) + 1 : 0,
      phase: phaseOfParameter(parameter, settings, layers)
    }
  }
}

/** Metrics of which less is better. */
const lessIsBetter = new Set(['loss', 'log_loss', 'brier', 'ece', 'mae', 'rmse', 'hamming_loss'])

export function loopSettingsOf(settings: RunSettings, total: number): LoopSettings {
  return {
    seed: settings.seed,
    learningRate: settings.learningRate,
    maxGradNorm: settings.maxGradNorm,
    schedules: schedulesOf(settings, total),
    totalSteps: total,
    epochs: Math.ceil(settings.epochs),
    evaluateEvery: settings.evaluateEvery,
    evaluateEachEpoch: settings.evaluateEachEpoch,
    bestMetric: {
      name: settings.bestMetric,
      greaterIsBetter: !lessIsBetter.has(settings.bestMetric),
      threshold: settings.improvementThreshold,
      // Words outside of passages are learned first: until some passage is right, its F1 says nothing of how training goes.
      ...(settings.task === 'token-classification' && !lessIsBetter.has(settings.bestMetric) ? { nothing: 0 } : {})
    },
    patience: settings.patience,
    saveEverySeconds: settings.saveEverySeconds,
    saveEverySteps: settings.saveEverySteps,
    loggingSteps: settings.loggingSteps
  }
}

export const lossOptionsOf = ({ loss, focalGamma, huberDelta }: RunSettings): LossOptions => ({
  kind: loss,
  focalGamma,
  huberDelta
})
