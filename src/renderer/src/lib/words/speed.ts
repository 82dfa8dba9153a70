import { bytes, duration, percent, significant } from '../format.ts'

const second = (seconds: number): string =>
  seconds < 1 ? `${significant(seconds * 1000)}\u00a0ms` : `${significant(seconds)}\u00a0s`

/** What each setting is called here, by its path in run.yaml. */
const TITLES: Readonly<Record<string, string>> = {
  'training.precision': 'Precision of matrix products',
  'training.tf32': 'Shortened products (TF32)',
  'training.gradient_checkpointing': 'Compute again instead of keeping (gradient checkpointing)',
  'training.per_device_train_batch_size': 'Batch',
  'training.memory_limit': 'Most memory',
  'training.optim': 'Optimizer and its state',
  'training.frozen_weights': 'Frozen weights while training',
  'training.threads': 'Threads'
}

/** What a choice is called, where its name in run.yaml says little. */
const CHOICES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'training.gradient_checkpointing': { auto: 'as needed to fit', false: 'off', true: 'every layer' },
  'training.threads': { auto: 'automatic' },
  'training.frozen_weights': { float32: '32 bits', int8: '8 bits (int8)' },
  'training.precision': { float32: '32 bits', bf16: '16 bits (bf16)', fp16: '16 bits (fp16)' },
  'training.optim': { adamw: 'AdamW', adamw_8bit: 'AdamW, 8-bit state', adam: 'Adam', sgd: 'SGD' }
}

/** What a number in their place counts. */
const NUMBERS: Readonly<Record<string, string>> = {
  'training.gradient_checkpointing': 'so many layers',
  'training.threads': 'so many'
}

export const speed = {
  open: 'Speed and memory',
  about: 'What computes this run, and what it may cost. The guide explains each under “Speed and memory”.',
  device: 'Device',
  change: 'Change',
  changeLabel: 'Change device, speed and memory',
  chosen: (device: string) => `automatic: ${device}`,
  automatic: 'Automatic',
  automaticTerm: 'auto',
  fastest: (device: string) => `would take: ${device}`,
  titles: TITLES,
  choices: CHOICES,
  number: 'a number',
  numbers: NUMBERS,
  numberOf: (path: string) => `${path}: a number`,
  fits: (needed: number, free: number) => `fits: about ${bytes(needed)} of ${bytes(free)} free`,
  tooLarge: (needed: number, free: number) => `too large: about ${bytes(needed)}, and ${bytes(free)} are free`,
  free: (free: number) => `${bytes(free)} were free`,
  step: (seconds: number) => `about ${second(seconds)} for a step of this run`,
  slow: (seconds: number, processor: number) =>
    `too slow: about ${second(seconds)} for a step of this run, the processor ${second(processor)}`,
  test: 'Test',
  testOne: (device: string) => `Test: ${device}`,
  testAll: 'Test all devices now',
  precisionHere: 'The processor computes with 32 bits. 16 bits are offered for a card that is named above and passed its test.',
  batches: 'A batch that does not fit is computed in parts by itself (micro-batches); steps keep their rows.',
  int8Told:
    'What it costs in accuracy is measured before training; it stands under Before you start, then on the result and in the report.',
  group: 'Settings',
  savings: 'What would save memory or time',
  savingsWork: 'Work out',
  savingsOf: (done: number, all: number) => `Working out ${done + 1} of ${all}…`,
  savingsStop: 'Stop',
  savingsTry: 'Measure the time',
  savingsNone: 'Everything that saves memory is chosen already.',
  options: {
    checkpointing: 'Compute every layer again',
    optim: '8-bit optimizer state',
    int8: 'Frozen weights in 8 bits',
    batch: 'Half the batch at a time'
  },
  memory: (needed: number, now: number): string => {
    const less = now - needed
    if (Math.abs(less) < 0.005 * now) return 'the same memory'
    return less > 0 ? `${bytes(less)} less` : `${bytes(-less)} more`
  },
  work: (share: number) => `${percent(share)} more arithmetic a step`,
  time: (seconds: number, now: number) => `${duration(seconds)} instead of ${duration(now)}`,
  use: 'Use',
  useOne: (name: string) => `Use: ${name}`
}
