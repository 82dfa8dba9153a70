import type { Parameter } from './model-definition.ts'

/** Tensors that share a learning rate, a weight decay and the moment they are unfrozen; stored one after another. */
export interface ParameterGroup {
  /** Factor on the run's learning rate. */
  readonly learningRateScale: number
  readonly weightDecay: number
  /** Index of the schedule this group follows, in the run's list. */
  readonly schedule: number
  /** The phase of gradual unfreezing in which the group starts to learn; 0 from the beginning. */
  readonly phase: number
  readonly slots: readonly Slot[]
  /** First element and number of elements in the flat arrays, padding included. */
  readonly offset: number
  readonly size: number
}

/** One parameter's place in the flat arrays. */
export interface Slot {
  readonly parameter: Parameter
  readonly offset: number
}

export interface GroupSettings {
  readonly learningRateScale: number
  readonly weightDecay: number
  readonly schedule: number
  readonly phase: number
}

/** Tensors start at multiples of this many elements (64 bytes), so that vector loads never straddle two of them. */
const alignment = 16

const align = (size: number, to: number): number => Math.ceil(size / to) * to

/**
 * Lays parameters out in flat arrays, those with equal settings together. The order depends on names and settings alone. Tensors begin at multiples of
 * `block` elements, so that no block of an optimizer's state holds parts of two.
 */
export function layOut(
  parameters: readonly Parameter[],
  settingsOf: (parameter: Parameter) => GroupSettings,
  block = 1
): { groups: readonly ParameterGroup[]; size: number } {
  const byKey = new Map<string, { settings: GroupSettings; members: Parameter[] }>()
  for (const parameter of parameters) {
    const settings = settingsOf(parameter)
    const key = [settings.phase, settings.schedule, settings.learningRateScale, settings.weightDecay].join('|')
    const group = byKey.get(key) ?? { settings, members: [] }
    group.members.push(parameter)
    byKey.set(key, group)
  }
  const ordered = [...byKey].sort(([a], [b]) => (a < b ? -1 : 1))
  let offset = 0
  const groups = ordered.map(([, { settings, members }]): ParameterGroup => {
    const start = offset
    const slots = [...members]
      .sort((a, b) => (a.name < b.name ? -1 : 1))
      .map((parameter): Slot => {
        const slot = { parameter, offset }
        offset += align(parameter.size, Math.max(alignment, block))
        return slot
      })
    return { ...settings, slots, offset: start, size: offset - start }
  })
  return { groups, size: offset }
}

/** A group without some of its parameters: the stretches between them. */
export function without(group: ParameterGroup, names: ReadonlySet<string>): readonly ParameterGroup[] {
  const parts: ParameterGroup[] = []
  let slots: Slot[] = []
  let offset = group.offset
  const end = (at: number): void => {
    if (at > offset) parts.push({ ...group, slots, offset, size: at - offset })
  }
  const whole = group.offset + group.size
  for (const [i, slot] of group.slots.entries()) {
    if (!names.has(slot.parameter.name)) {
      slots.push(slot)
      continue
    }
    end(slot.offset)
    slots = []
    offset = group.slots[i + 1]?.offset ?? whole
  }
  end(whole)
  return parts
}

/**
 * Whether weight decay leaves a tensor alone: biases and normalisation weights, as transformers' Trainer does
 * (`get_decay_parameter_names`).
 */
export function isDecayExempt(name: string): boolean {
  return name.endsWith('.bias') || /(layer_?norm|norm|ln_\w+)\.weight$/i.test(name)
}
