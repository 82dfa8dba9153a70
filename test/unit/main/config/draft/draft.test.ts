import { describe, expect, test } from 'vitest'
import { configOfDraft, yamlOfDraft, type DraftPlace } from '../../../../../src/main/config/draft/draft.ts'
import { settingRows } from '../../../../../src/main/config/draft/setting-rows.ts'
import { choicesFor, MOST_THOROUGH } from '../../../../../src/main/config/draft/thoroughness.ts'
import { parseRunConfig } from '../../../../../src/main/config/run-config.ts'
import type { RunDraft } from '../../../../../src/preload/contract/runs.ts'

const place: DraftPlace = {
  dataFile: '/data/table.csv',
  roles: {
    task: 'text-classification',
    text: 'letter',
    textPair: null,
    answer: 'urgency',
    separator: null,
    group: 'patient',
    belonging: 'column'
  },
  division: {
    split: { train: 0.7, validation: 0.15, test: 0.15 },
    split_seed: 42,
    split_column: null,
    split_date: null,
    folds: null,
    cap_per_class: null,
    oversample: 'none'
  },
  modelFolder: '/model',
  output: '/runs',
  parameters: 2e6,
  maxTokens: 320,
  halfThreads: 3
}
const draft = (change: Partial<RunDraft> = {}): RunDraft => ({
  dataset: 'd-1' as RunDraft['dataset'],
  model: 'm-1' as RunDraft['model'],
  thoroughness: 2,
  changed: {},
  mustNotMiss: null,
  quietly: false,
  name: null,
  ...change
})
const positions = Array.from({ length: MOST_THOROUGH + 1 }, (_, i) => i)

describe('a draft that starts from an adapter', () => {
  const from = { ...place, adapterFolder: '/data/adapters/a-1' }

  test('is a run that the adapter decides, whatever was changed of the method before', () => {
    const changed = { 'method.r': 64, 'method.type': 'full', 'method.lora_dropout': 0.2, 'training.num_train_epochs': 9 }
    const { method, training } = configOfDraft(draft({ changed }), from)
    expect(method).toMatchObject({ type: 'lora', from_adapter: '/data/adapters/a-1', lora_dropout: 0.2, r: 8 })
    expect(training.num_train_epochs).toBe(9)
    expect(yamlOfDraft(draft({ changed }), from)).toContain('from_adapter: /data/adapters/a-1')
  })

  test('shows no setting that the adapter decides', () => {
    const paths = settingRows(draft(), from).map(({ path }) => path)
    expect(paths.filter((path) => path.startsWith('method.'))).toEqual(['method.lora_dropout', 'method.loraplus_lr_ratio'])
    expect(settingRows(draft(), place).map(({ path }) => path)).not.toContain('method.from_adapter')
  })

  test('is never told its folder by the page', () => {
    expect(() => configOfDraft(draft({ changed: { 'method.from_adapter': '/etc' } }), place)).toThrow('does not understand')
  })
})

describe('the slider from Quick to Thorough', () => {
  test('gives at every position a run that may start, and a reason for every setting it chooses', () => {
    for (const thoroughness of positions) {
      expect(() => configOfDraft(draft({ thoroughness }), place)).not.toThrow()
      const choices = choicesFor(thoroughness, {
        task: 'text-classification',
        parameters: 2e6,
        maxTokens: 320,
        mustNotMiss: 'urgent',
        threads: 1
      })
      expect(choices.filter(({ why }) => why.length < 20)).toEqual([])
    }
  })

  test('never takes anything back on the way up', () => {
    const columns = ['training.num_train_epochs', 'training.max_length', 'method.r']
    for (const path of columns) {
      const values = positions.map((at) =>
        Number(
          choicesFor(at, {
            task: 'text-classification',
            parameters: null,
            maxTokens: null,
            mustNotMiss: null,
            threads: null
          }).find((each) => each.path === path)?.value
        )
      )
      expect(values).toEqual(values.toSorted((a, b) => a - b))
    }
  })

  test('never asks for longer texts than the model reads, and for larger steps only from a small model', () => {
    expect(configOfDraft(draft({ thoroughness: 4 }), place).training).toMatchObject({ max_length: 320, learning_rate: 2e-3 })
    expect(configOfDraft(draft(), { ...place, parameters: 110e6 }).training.learning_rate).toBe(5e-4)
  })
})

describe('a draft', () => {
  test('is the run.yaml that it shows', () => {
    for (const thoroughness of positions) {
      const one = draft({ thoroughness, quietly: true, mustNotMiss: 'urgent', name: 'Letters\nof May' })
      expect(parseRunConfig(yamlOfDraft(one, place), 'run.yaml')).toEqual(configOfDraft(one, place))
    }
  })

  test('names the group only where the person said that rows belong together', () => {
    expect(configOfDraft(draft(), place).data.group).toBe('patient')
    expect(configOfDraft(draft(), { ...place, roles: { ...place.roles, belonging: 'no' } }).data.group).toBeNull()
  })

  test('takes what was changed by hand: numbers, lists, another method with its own options', () => {
    const changed = { 'training.seeds': '1, 2', 'method.target_modules': 'query,value', 'training.early_stopping': null }
    const config = configOfDraft(draft({ changed }), place)
    expect(config.training.seeds).toEqual([1, 2])
    expect(config.method).toMatchObject({ target_modules: ['query', 'value'] })
    expect(config.training.early_stopping).toBeNull()
    const full = configOfDraft(draft({ changed: { 'method.type': 'full' } }), place)
    expect(full.method).not.toHaveProperty('r')
    expect([full.method.type, full.training.learning_rate]).toEqual(['full', 5e-5])
  })

  test('is refused with the sentence of the setting, without a line that a form does not have', () => {
    expect(() => configOfDraft(draft({ changed: { 'training.learning_rate': 99 } }), place)).toThrow(
      /^training\.learning_rate is 99, but must be a number above 0 and at most 10, or null\.$/
    )
    expect(() => configOfDraft(draft({ changed: { '__proto__.polluted': 1 } }), place)).not.toThrow()
    expect(({} as { polluted?: number }).polluted).toBeUndefined()
  })

  test('of a score has no class weights', () => {
    const roles = { ...place.roles, task: 'regression', answer: 'score' } as const
    expect(configOfDraft(draft({ mustNotMiss: 'x' }), { ...place, roles }).training.class_weights).toBe('none')
  })
})

describe('a draft that answers questions', () => {
  const roles = { ...place.roles, task: 'question-answering', text: 'context', textPair: 'question', answer: 'answers' } as const
  const asked = { ...place, roles }

  test('trains all of a small model and an add-on of a larger one, at every position, as the command line would', () => {
    for (const thoroughness of positions) {
      const small = configOfDraft(draft({ thoroughness }), asked)
      expect([small.task, small.method.type, small.training.learning_rate]).toEqual(['question-answering', 'full', 1e-3])
      expect(small.training).toMatchObject({ metric_for_best_model: 'answer_f1', truncation: 'windows', max_length: 192 })
      expect(configOfDraft(draft({ thoroughness }), { ...asked, parameters: 110e6 }).method.type).toBe('lora')
      expect(parseRunConfig(yamlOfDraft(draft({ thoroughness }), asked), 'run.yaml')).toEqual(small)
    }
    const epochs = positions.map((thoroughness) => configOfDraft(draft({ thoroughness }), asked).training.num_train_epochs)
    expect(epochs).toEqual(epochs.toSorted((a, b) => a - b))
  })

  test('asks what stands in a column, or the same of every text', () => {
    const { data } = configOfDraft(draft(), asked)
    expect(data).toMatchObject({ text: 'context', question: 'question', questions: null, answers: 'answers', group: 'patient' })
    const questions = { LAW: ['Which law governs it?', 'What is the governing law?'], TERM: ['How long does it run?'] }
    const fixed = { ...asked, roles: { ...roles, textPair: null, answer: 'spans', questions } }
    expect(configOfDraft(draft(), fixed).data).toMatchObject({
      question: null,
      questions: { ...questions, TERM: 'How long does it run?' },
      answers: 'spans'
    })
    expect(parseRunConfig(yamlOfDraft(draft(), fixed), 'run.yaml')).toEqual(configOfDraft(draft(), fixed))
  })

  test('says why for answers, windows and the method', () => {
    const rows = new Map(settingRows(draft(), asked).map((row) => [row.path, row]))
    for (const path of ['head.max_answer_length', 'head.n_best_size', 'training.max_length', 'method.type'])
      expect(rows.get(path)?.why?.length).toBeGreaterThan(20)
  })
})

describe('a draft that finds passages', () => {
  const roles = { ...place.roles, task: 'token-classification', answer: 'spans' } as const
  const marks = { ...place, roles }
  const large = { ...marks, parameters: 110e6 }

  test('trains all of a small model and an add-on of a larger one, at every position', () => {
    for (const thoroughness of positions) {
      const small = configOfDraft(draft({ thoroughness }), marks)
      expect([small.task, small.method.type, small.training.learning_rate]).toEqual(['token-classification', 'full', 1e-3])
      expect(small.training.metric_for_best_model).toBe('micro_f1')
      expect(small.training.truncation).toBe('windows')
      expect(configOfDraft(draft({ thoroughness }), large).method.type).toBe('lora')
      const yaml = yamlOfDraft(draft({ thoroughness }), marks)
      expect(parseRunConfig(yaml, 'run.yaml')).toEqual(small)
    }
    const epochs = positions.map((thoroughness) => configOfDraft(draft({ thoroughness }), marks).training.num_train_epochs)
    expect(epochs).toEqual(epochs.toSorted((a, b) => a - b))
  })

  test('keeps the outer one of marks that overlap, as the report on the data does', () => {
    expect(configOfDraft(draft(), marks).data).toMatchObject({ label: 'spans', overlapping: 'outermost', group: 'patient' })
  })

  test('says why for tags, windows, the random field and weights', () => {
    const rows = new Map(settingRows(draft(), marks).map((row) => [row.path, row]))
    for (const path of [
      'head.scheme',
      'head.labelled',
      'head.crf',
      'training.max_length',
      'training.class_weights',
      'method.type'
    ])
      expect(rows.get(path)?.why?.length).toBeGreaterThan(20)
    expect(rows.get('head.scheme')).toMatchObject({ value: 'BIO', kind: 'choice', choices: ['BIO', 'BILOU'] })
  })

  test('takes another method with its own rate', () => {
    const { method, training } = configOfDraft(draft({ changed: { 'method.type': 'lora' } }), marks)
    expect([method.type, training.learning_rate]).toEqual(['lora', 5e-4])
    const { head } = configOfDraft(draft({ changed: { 'head.scheme': 'BILOU', 'head.crf': true } }), marks) as { head?: object } // Of this task.
    expect(head).toMatchObject({ scheme: 'BILOU', crf: true })
  })
})

describe('all settings', () => {
  test('have their help, value and standard from the declarations, and say what was changed', () => {
    const rows = settingRows(draft({ changed: { 'training.seed': 7 } }), place)
    expect(rows.filter(({ help }) => help === '')).toEqual([])
    expect(rows.find(({ path }) => path === 'training.seed')).toMatchObject({
      value: 7,
      standard: 42,
      changed: true,
      kind: 'integer'
    })
    expect(rows.filter(({ changed }) => changed)).toHaveLength(1)
    expect(rows.find(({ path }) => path === 'method.type')?.choices).toContain('full')
    expect(new Set(rows.map(({ path }) => path)).size).toBe(rows.length)
  })
})

describe('settings of speed and memory', () => {
  const choicesOf = (changed: RunDraft['changed'], path: string): readonly string[] | null | undefined =>
    settingRows(draft({ changed }), place).find((row) => row.path === `training.${path}`)?.choices

  test('offer what the device can compute, and nothing else', () => {
    expect(choicesOf({}, 'precision')).toEqual(['float32'])
    expect(choicesOf({ 'training.device': 'auto' }, 'precision')).toEqual(['float32'])
    expect(choicesOf({ 'training.device': 'cuda' }, 'precision')).toEqual(['float32', 'bf16', 'fp16'])
    expect(choicesOf({ 'training.device': 'webgpu' }, 'precision')).toEqual(['float32', 'fp16'])
    expect(choicesOf({}, 'optim')).toContain('adamw_8bit')
    expect(choicesOf({ 'training.device': 'cuda' }, 'optim')).toEqual(['adamw', 'adam', 'sgd'])
    expect(choicesOf({}, 'frozen_weights')).toEqual(['float32', 'int8'])
    expect(choicesOf({ 'method.type': 'full' }, 'frozen_weights')).toEqual(['float32'])
    expect(choicesOf({ 'training.device': 'cuda' }, 'frozen_weights')).toEqual(['float32'])
    const paths = (changed: RunDraft['changed']): string[] => settingRows(draft({ changed }), place).map(({ path }) => path)
    expect(paths({})).not.toContain('training.tf32')
    expect(paths({ 'training.device': 'cuda' })).toContain('training.tf32')
  })

  test('every choice that is offered makes a run that can be meant', () => {
    for (const device of ['cpu', 'auto', 'cuda', 'webgpu', 'directml'])
      for (const path of ['precision', 'optim', 'frozen_weights', 'gradient_checkpointing'])
        for (const choice of choicesOf({ 'training.device': device }, path) ?? []) {
          const changed = { 'training.device': device, [`training.${path}`]: choice }
          expect(String(Reflect.get(configOfDraft(draft({ changed }), place).training, path)), path).toBe(choice)
        }
  })

  test('computing again takes a name or a number of layers', () => {
    expect(settingRows(draft(), place).find(({ path }) => path === 'training.gradient_checkpointing')).toMatchObject({
      value: 'auto',
      kind: 'integer',
      choices: ['false', 'true', 'auto']
    })
    expect(configOfDraft(draft({ changed: { 'training.gradient_checkpointing': 2 } }), place).training).toMatchObject({
      gradient_checkpointing: 2
    })
  })

  test('leave the device open where a card passed its test, but not beside what the processor alone computes', () => {
    const withCard = { ...place, hasCard: true }
    const deviceOf = (changed: RunDraft['changed'], at: DraftPlace): string =>
      configOfDraft(draft({ changed }), at).training.device
    expect(deviceOf({}, place)).toBe('cpu')
    expect(deviceOf({}, withCard)).toBe('auto')
    expect(deviceOf({ 'training.device': 'cpu' }, withCard)).toBe('cpu')
    expect(deviceOf({ 'training.optim': 'adamw_8bit' }, withCard)).toBe('cpu')
    expect(deviceOf({ 'training.frozen_weights': 'int8' }, withCard)).toBe('cpu')
    expect(settingRows(draft(), withCard).find(({ path }) => path === 'training.device')?.why).toContain('passed its test')
  })
})
