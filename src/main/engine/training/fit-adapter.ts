import { InputError } from '../../base/errors.ts'
import type { HeadKind } from '../architectures/define-architecture.ts'
import type { Site } from '../blocks/scope.ts'
import type { AdapterConfig, AdapterTask } from '../peft/lora/adapter-config.ts'
import type { LoraOptions } from '../peft/lora/options.ts'
import { isInModules, matchesModules } from '../peft/match-modules.ts'
import { canUpcast } from '../weights/elements.ts'
import { ADAPTER_CONFIG, ADAPTER_WEIGHTS, type AdapterFolder } from './adapter-folder.ts'
import { isPlainName, matchForeign } from './foreign-patterns.ts'
import type { ModelFolder } from './model-folder.ts'

/** An adapter put to its base model: every tensor has its place and its shape. */
export interface FittedAdapter {
  /** The head that it was made with. */
  readonly head: HeadKind
  /** The adapter as this method's own options: layers by their whole paths, patterns worked out. */
  readonly options: LoraOptions
  /** Stored names in the adapter by the slots of a run. */
  readonly slots: ReadonlyMap<string, string>
  /** Outputs of the head that answers: the adapter's own, or the base model's; null where neither has a whole one. */
  readonly labels: number | null
  /** Whether the adapter brings the last layer itself. */
  readonly hasHead: boolean
}

const A = '.lora_A.weight'
const B = '.lora_B.weight'
const where = { file: ADAPTER_WEIGHTS }

/**
 * Puts an adapter to a model. What the weights hold decides which layers have adapters; the configuration has to say the same.
 * @throws InputError in one sentence where a tensor is missing, has another shape or belongs to another model
 */
export function fitAdapter(adapter: AdapterFolder, model: ModelFolder): FittedAdapter {
  const { config } = adapter
  const { architecture, config: sizes } = model
  const kind = heads[config.task]
  const head = architecture.heads[kind]
  const labels = labelsOf(adapter, model, kind)
  const sites = [...architecture.sites(sizes), ...head.sites(sizes, labels ?? 1)].filter((site) => site.kind === 'linear')
  const shapes = new Map(
    [...architecture.tensors(sizes), ...head.tensors(sizes, labels ?? 1)].map(({ name, shape }) => [name, shape])
  )
  const slots = new Map<string, string>()
  const adapted = new Set<string>()
  for (const [plain, stored] of adapter.storedNames) {
    const name = withPrefix(plain, architecture.prefix, (each) => shapes.has(each) || isPathOf(each, sites))
    const path = pathOf(name)
    if (path !== null) adapted.add(path)
    else if (architecture.ignored.some((pattern) => pattern.test(name))) continue
    else checkSaved(adapter, stored, name, shapes.get(name))
    slots.set(name, stored)
  }
  const attached = sites.filter(({ path }) => adapted.has(path))
  checkAdapted(adapter, adapted, attached)
  const ranks = patternValues(config.ranks, attached, 'rank_pattern')
  for (const site of attached) checkSite(adapter, site, slots, ranks.get(site.path) ?? config.r)
  checkWhole(config, sites, adapted)
  const alphas = patternValues(config.alphas, attached, 'alpha_pattern')
  const hasHead = lastLayer(model, kind).some((name) => slots.has(name))
  return { head: kind, options: optionsOf(config, attached, slots, { ranks, alphas }), slots, labels, hasHead }
}

const heads = {
  SEQ_CLS: 'sequence-classification',
  TOKEN_CLS: 'token-classification',
  QUESTION_ANS: 'question-answering'
} as const satisfies Readonly<Record<AdapterTask, HeadKind>>

const pathOf = (name: string): string | null => /^(.+)\.lora_\w+(?:\..+)?$/.exec(name)?.[1] ?? null

const isPathOf = (name: string, sites: readonly Site[]): boolean => sites.some(({ path }) => path === pathOf(name))

/** Adapters that were made of a bare model leave the family's prefix out. */
const withPrefix = (name: string, prefix: string, isKnown: (name: string) => boolean): string =>
  !isKnown(name) && isKnown(`${prefix}.${name}`) ? `${prefix}.${name}` : name

const shapeText = (shape: readonly number[] | undefined): string => `[${(shape ?? []).join(', ')}]`

const otherModel = (config: AdapterConfig): string =>
  config.baseName === null
    ? 'Choose the model that it was trained on.'
    : `It was trained on ${config.baseName}: choose that model.`

/** Shapes, for two labels, of the tensors whose shape depends on the number of labels. */
export function outputsOf({ architecture, config }: ModelFolder, kind: HeadKind): ReadonlyMap<string, readonly number[]> {
  const head = architecture.heads[kind]
  const three = new Map(head.tensors(config, 3).map(({ name, shape }) => [name, shape.join()]))
  const depending = head.tensors(config, 2).filter(({ name, shape }) => three.get(name) !== shape.join())
  return new Map(depending.map(({ name, shape }) => [name, shape]))
}

/** The tensors of the last layer: those whose shape depends on the number of labels, or of a head that has none all of its own. */
function lastLayer(model: ModelFolder, kind: HeadKind): readonly string[] {
  const depending = [...outputsOf(model, kind).keys()]
  return depending.length > 0 ? depending : model.architecture.heads[kind].tensors(model.config, 1).map(({ name }) => name)
}

/** Outputs of the adapter's own head, else of the base model's. */
function labelsOf({ storedNames, checkpoint }: AdapterFolder, model: ModelFolder, kind: HeadKind): number | null {
  for (const name of lastLayer(model, kind)) {
    const own = checkpoint.tensors.get(storedNames.get(name) ?? '')
    const outputs = (own ?? model.checkpoint.tensors.get(model.storedNames.get(name) ?? ''))?.shape[0]
    if (outputs !== undefined && outputs > 0) return outputs
  }
  return null
}

function checkSaved(
  { config, checkpoint }: Pick<AdapterFolder, 'config' | 'checkpoint'>,
  stored: string,
  name: string,
  wanted: readonly number[] | undefined
): void {
  const { shape, dtype } = checkpoint.tensors.get(stored) ?? {}
  if (wanted === undefined)
    throw new InputError(
      'adapter-other-model',
      `The adapter holds ${name}, which this model does not have. ${otherModel(config)}`,
      {
        ...where,
        tensor: stored
      }
    )
  if (shape?.join() !== wanted.join()) {
    const sentence = `The adapter's ${name} is ${shapeText(shape)}, but this model's is ${shapeText(wanted)}. ${otherModel(config)}`
    throw new InputError('adapter-other-model', sentence, { ...where, tensor: stored })
  }
  if (dtype === undefined || !canUpcast(dtype))
    throw new InputError(
      'adapter-dtype',
      `The adapter's ${name} is not stored in fp32, fp16 or bf16. Ask for it in one of them.`,
      where
    )
}

/** Adapters at what is no linear layer of the model, or none at all. */
function checkAdapted({ config }: AdapterFolder, adapted: ReadonlySet<string>, attached: readonly Site[]): void {
  if (adapted.size === 0)
    throw new InputError('adapter-incomplete', `${ADAPTER_WEIGHTS} holds no LoRA weights at all. Copy the whole adapter.`, where)
  const known = new Set(attached.map(({ path }) => path))
  const other = [...adapted].find((path) => !known.has(path))
  if (other === undefined) return
  const sentence = `The adapter changes ${other}, which is no linear layer of this model that Attune puts adapters to. ${otherModel(config)}`
  throw new InputError('adapter-other-model', sentence, { ...where, tensor: other })
}

/** A is [r, in], B is [out, r], and there is nothing else. */
function checkSite({ config, checkpoint }: AdapterFolder, site: Site, slots: ReadonlyMap<string, string>, rank: number): void {
  const shapeAt = (ending: string): readonly number[] | undefined =>
    checkpoint.tensors.get(slots.get(`${site.path}${ending}`) ?? '')?.shape
  for (const [name] of slots) {
    if (pathOf(name) !== site.path || name.endsWith(A) || name.endsWith(B)) continue
    const sentence = `The adapter holds ${name}: it is more than plain LoRA (DoRA, for example). Ask for a plain LoRA adapter.`
    throw new InputError('adapter-config', sentence, { ...where, tensor: name })
  }
  const [a, b] = [shapeAt(A), shapeAt(B)]
  if (!a || !b) {
    const sentence = `The adapter lacks ${site.path}${a ? B : A}. Copy the whole adapter.`
    throw new InputError('adapter-incomplete', sentence, { ...where, tensor: `${site.path}${a ? B : A}` })
  }
  if (a[1] !== site.in || b[0] !== site.out || a.length !== 2 || b.length !== 2) {
    const sentence = `The adapter of ${site.path} is for a layer of ${a[1] ?? 0} inputs and ${b[0] ?? 0} outputs; this model's has ${site.in} and ${site.out}. ${otherModel(config)}`
    throw new InputError('adapter-other-model', sentence, { ...where, tensor: site.path })
  }
  if (a[0] !== rank || b[1] !== rank) {
    const sentence = `${ADAPTER_CONFIG} says rank ${rank} of ${site.path}, but its weights have ${a[0] ?? 0} and ${b[1] ?? 0}. The two files are not of one adapter: copy both again.`
    throw new InputError('adapter-shape', sentence, { ...where, tensor: site.path })
  }
  for (const ending of [A, B])
    checkSaved({ config, checkpoint }, slots.get(`${site.path}${ending}`) ?? '', `${site.path}${ending}`, ending === A ? a : b)
}

/** Every layer that the configuration names has its weights. A regular expression that cannot be read here leaves that to the weights. */
function checkWhole(config: AdapterConfig, sites: readonly Site[], adapted: ReadonlySet<string>): void {
  const wanted = fitting(config.targets, sites, 'target_modules')
  const excluded = fitting(config.excluded, sites, 'exclude_modules') ?? new Set<string>()
  const missing = sites.find(
    ({ path, layer }) =>
      wanted?.has(path) === true &&
      !excluded.has(path) &&
      !isInModules(path, config.saved) &&
      (config.layers === null || (layer !== null && config.layers.includes(layer))) &&
      !adapted.has(path)
  )
  if (!missing) return
  const sentence = `${ADAPTER_CONFIG} names ${missing.path}, but ${ADAPTER_WEIGHTS} holds nothing of it. Copy the whole adapter.`
  throw new InputError('adapter-incomplete', sentence, { ...where, tensor: missing.path })
}

function fitting(modules: string | readonly string[], sites: readonly Site[], key: string): ReadonlySet<string> | null {
  const paths = sites.map(({ path }) => path)
  // Which layers those are differs between versions of PEFT; it writes their names out when it saves.
  if (modules === 'all-linear') return null
  if (typeof modules !== 'string') return new Set(paths.filter((path) => matchesModules(path, modules)))
  const [found] = matchForeign([modules], paths, 'fullmatch', key)
  return found ? new Set(found.map((i) => paths[i] ?? '')) : null
}

/** The value of a pattern at each site that one of its keys fits; the first counts. */
function patternValues(
  pattern: Readonly<Record<string, number>>,
  sites: readonly Site[],
  key: string
): ReadonlyMap<string, number> {
  const values = new Map<string, number>()
  const paths = sites.map(({ path }) => path)
  const entries = Object.entries(pattern)
  const foreign = entries.map(([name]) => name).filter((name) => !isPlainName(name))
  const found = foreign.length === 0 ? [] : matchForeign(foreign, paths, 'ending', key)
  for (const [name, value] of entries.toReversed()) {
    const matched = isPlainName(name) ? null : found[foreign.indexOf(name)]
    if (matched === null && !isPlainName(name)) {
      const sentence = `${ADAPTER_CONFIG}: ${key} holds a regular expression that Attune cannot read. Put the names of the layers in its place.`
      throw new InputError('adapter-config', sentence, { file: ADAPTER_CONFIG, key })
    }
    for (const [i, path] of paths.entries())
      if (matched ? matched.includes(i) : matchesModules(path, [name])) values.set(path, value)
  }
  return values
}

function optionsOf(
  config: AdapterConfig,
  attached: readonly Site[],
  slots: ReadonlyMap<string, string>,
  { ranks, alphas }: { readonly ranks: ReadonlyMap<string, number>; readonly alphas: ReadonlyMap<string, number> }
): LoraOptions {
  const isTrainedAnyway = (name: string): boolean =>
    pathOf(name) !== null ||
    /^(?:pre_classifier|classifier|score|qa_outputs)\./.test(name) ||
    (config.bias !== 'none' && name.endsWith('.bias'))
  const saved = [...slots.keys()].filter((name) => !isTrainedAnyway(name)).map((name) => name.replace(/\.[^.]+$/, ''))
  return {
    from_adapter: null,
    adapter_labels: [],
    r: config.r,
    lora_alpha: config.alpha,
    lora_dropout: config.dropout,
    target_modules: attached.map(({ path }) => path),
    use_rslora: config.isStabilised,
    loraplus_lr_ratio: null,
    rank_pattern: Object.fromEntries(ranks),
    alpha_pattern: Object.fromEntries(alphas),
    layers_to_transform: null,
    modules_to_save: [...new Set(saved)],
    bias: config.bias,
    init_lora_weights: true
  }
}
