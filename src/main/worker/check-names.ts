import { InputError } from '../base/errors.ts'
import type { RunConfig } from '../config/config-types.ts'
import { nearestName } from '../base/nearest-name.ts'
import { loraOptions } from '../engine/peft/lora/options.ts'
import { isInModules, matchesModules } from '../engine/peft/match-modules.ts'
import type { ModelDefinition, ParameterSelection } from '../engine/training/model-definition.ts'

/**
 * Refuses names of modules and numbers of layers that the model does not have: they would be ignored in silence. Throws an InputError with the
 * nearest names that there are.
 */
export function checkNames(config: RunConfig, definition: ModelDefinition, selection: ParameterSelection): void {
  checkMethod(config, definition, selection)
  const { gradual_unfreezing: unfreezing, parameter_groups: groups } = config.training
  if (unfreezing) {
    const key = 'training.gradual_unfreezing.stop_at_layer'
    checkLayer(key, unfreezing.stop_at_layer, definition)
  }
  const trained = selection.parameters.map(({ name }) => name)
  for (const [i, { modules }] of groups.entries())
    checkModules(`training.parameter_groups[${i}].modules`, modules, trained, 'the weights that are trained')
}

function checkMethod({ method }: RunConfig, definition: ModelDefinition, selection: ParameterSelection): void {
  const tensors = selection.tensors.map(({ name }) => name)
  const { layers } = definition.config
  switch (method.type) {
    case 'lora':
      for (const layer of method.layers_to_transform ?? []) checkLayer('method.layers_to_transform', layer, definition)
      checkTargets(method.target_modules, definition, selection)
      return checkModules('method.modules_to_save', method.modules_to_save, tensors, "the model's modules")
    case 'full':
      for (const pattern of method.freeze) {
        if (tensors.some((name) => new RegExp(pattern).test(name))) continue
        throw unknownName('method.freeze', pattern, tensors, "the model's weights")
      }
      return
    case 'last_n':
      if (method.layers <= layers) return
      throw new InputError('layers-unknown', `method.layers is ${method.layers}; the model has ${layers} layers. Use fewer.`, {
        key: 'method.layers'
      })
    case 'head':
    case 'bitfit':
      return
  }
}

function checkLayer(key: string, layer: number, { config: { layers } }: ModelDefinition): void {
  if (layer < layers) return
  throw new InputError('layers-unknown', `${key} names layer ${layer}; the model's layers are 0 to ${layers - 1}.`, { key })
}

function checkTargets(
  targets: string | readonly string[],
  { architecture, config }: ModelDefinition,
  selection: ParameterSelection
): void {
  const key = 'method.target_modules'
  const linear = architecture
    .sites(config)
    .filter(({ kind }) => kind === 'linear')
    .map(({ path }) => path)
  // The default names the attention of several families; one of them is enough.
  const isDefault = JSON.stringify(targets) === JSON.stringify(loraOptions.target_modules.fallback?.value)
  const all = [...linear, ...[...selection.attached.values()].map(({ site }) => site.path)]
  const unknownLayer = (name: string): InputError => refusal(key, name, all, "the model's linear layers", [...lastNames(all)])
  if (typeof targets !== 'string' && !isDefault) {
    const unknown = targets.find((name) => !all.some((path) => matchesModules(path, [name])))
    if (unknown !== undefined) throw unknownLayer(unknown)
  }
  if (selection.attached.size > 0) return
  if (typeof targets === 'string' && all.some((path) => matchesModules(path, [targets]))) {
    const sentence = `${key} is the regular expression ${targets}, which must match a whole path. For every layer of that name write [${targets}].`
    throw new InputError('modules-unknown', sentence, { key })
  }
  throw unknownLayer(String(targets))
}

/** Each name of a list, or a regular expression, must stand for at least one of the tensors. */
function checkModules(key: string, modules: string | readonly string[], tensors: readonly string[], what: string): void {
  for (const each of typeof modules === 'string' ? [modules] : modules.map((name) => [name])) {
    if (tensors.some((tensor) => isInModules(tensor, each))) continue
    throw unknownName(key, String(each), tensors, what)
  }
}

/** Most names that a sentence lists. */
const listed = 12

function unknownName(key: string, name: string, tensors: readonly string[], what: string): InputError {
  const modules = tensors.map((tensor) => tensor.replace(/\.(weight|bias)$/, ''))
  return refusal(key, name, modules, what, modules.join('.').split('.'))
}

/** `candidates`: the names that may have been meant. */
function refusal(key: string, name: string, paths: readonly string[], what: string, candidates: readonly string[]): InputError {
  const near = nearestName(
    name.split('.').at(-1) ?? name,
    [...new Set(candidates)].filter((each) => !/^\d+$/.test(each))
  )
  const hint = near === null ? `They are ${[...lastNames(paths)].slice(0, listed).join(', ')}.` : `Did you mean ${near}?`
  return new InputError('modules-unknown', `${key}: ${name} stands for none of ${what}. ${hint}`, { key })
}

const lastNames = (paths: readonly string[]): Set<string> => new Set(paths.map((path) => path.split('.').at(-1) ?? path))
