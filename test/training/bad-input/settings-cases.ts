import { yaml, type BadCase } from './bad-case.ts'

/** run.yaml and the words of the command, and what is said about each. */
export const settingsCases: readonly BadCase[] = [
  {
    name: 'a misspelt key',
    yaml: yaml((text) => `${text}  learning_rte: 0.1\n`),
    says: "run.yaml line 8: training has no key 'learning_rte'. Did you mean 'learning_rate'?"
  },
  {
    name: 'a value of the wrong type',
    yaml: yaml((text) => text.replace('epochs: 1', 'epochs: one')),
    says: "run.yaml line 7: training.num_train_epochs is 'one', but must be a number above 0 and at most 100000."
  },
  {
    name: 'an impossible value',
    yaml: yaml((text) => `${text}  warmup_ratio: 1.5\n`),
    says: 'run.yaml line 8: training.warmup_ratio is 1.5, but must be a number of at least 0 and below 1, or null.'
  },
  {
    name: 'a decimal comma',
    yaml: yaml((text) => `${text}  learning_rate: 0,001\n`),
    says: "run.yaml line 8: training.learning_rate is '0,001', but must be a number above 0 and at most 10, or null. Write a decimal point."
  },
  {
    name: 'a length that the model has no positions for',
    training: '  max_length: 512\n',
    says: 'run.yaml line 8: max_length is 512, but the model has positions for only 20 tokens (config.json): set max_length to 20 or less.'
  },
  {
    name: 'a class that the data does not have',
    training: '  class_weights: { goood: 2 }\n',
    says: "run.yaml line 8: training.class_weights names the class 'goood', which the data does not have. Its classes are 'bad', 'good', 'odd'."
  },
  {
    name: 'a module that the model does not have',
    yaml: yaml((text) => text.replace('r: 4', 'r: 4, target_modules: [q_proj]')),
    says: "run.yaml line 4: method.target_modules: q_proj stands for none of the model's linear layers. They are query, key, value, dense."
  },
  {
    name: 'shares that do not add up to 1',
    data: '{ file: data.csv, text: text, label: label, split: { train: 0.9, validation: 0.2, test: 0.1 } }',
    says: 'run.yaml line 5: data.split adds up to 1.2. train, validation and test must add up to 1.'
  },
  {
    name: 'a tab',
    yaml: yaml((text) => text.replace('  num', '\tnum')),
    says: 'run.yaml line 7: a tab is used for indentation. Use spaces.'
  },
  {
    name: 'aliases that multiply',
    yaml: 'a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\nd: [*c, *c]\n',
    says: 'run.yaml line 1: an anchor (&name) is used. Write the value out where it is needed.'
  },
  {
    name: 'a key given twice',
    yaml: yaml((text) => `${text}  num_train_epochs: 2\n`),
    says: "run.yaml line 8: the key 'num_train_epochs' is given twice (first on line 7). Keep one of them."
  },
  { name: 'nothing', yaml: '', says: 'run.yaml is empty. It must name at least task, model, data and method.' },
  {
    name: 'a table',
    words: ['train', 'data.csv'],
    says: "data.csv line 1: the file is 'id,text,label row-0,bead face bed abba a…', but must hold settings, each a key and its value, such as task: regression."
  },
  {
    name: 'bytes that are no text',
    yaml: Uint8Array.of(0, 1, 200, 201),
    says: 'run.yaml is not UTF-8 text. Name the run.yaml itself, and save it with the encoding UTF-8.'
  },
  { name: 'a folder', words: ['train', 'model'], says: "'model' is a folder, not a file. Name the run.yaml in it." },
  {
    name: 'a file that is not there',
    words: ['train', 'none.yaml'],
    says: 'none.yaml cannot be read. There is no such file: check its name and folder.'
  },
  { name: 'an unknown command', words: ['trian', 'run.yaml'], says: "There is no command 'trian'. Did you mean 'train'?" },
  {
    name: 'an unknown flag',
    words: ['train', 'run.yaml', '--resum'],
    says: "attune train has no flag '--resum'. Did you mean '--resume'?"
  },
  {
    name: 'a run that is not there',
    words: ['evaluate', 'runs/none', '--data', 'data.csv'],
    says: 'runs/none is not a run of Attune (there is no such folder). Name a folder below the "output" of a run.'
  },
  {
    name: 'a file in place of a run',
    words: ['evaluate', 'run.yaml', '--data', 'data.csv'],
    says: 'run.yaml is not a run of Attune (it is a file). Name a folder below the "output" of a run.'
  },
  {
    name: 'nothing to go on with',
    words: ['train', 'run.yaml', '--resume'],
    says: 'There is no run of this configuration in <folder>/runs to go on with. Start it without --resume; a changed run.yaml is another run.'
  },
  {
    name: 'data that cannot be trained on',
    files: { 'data.csv': 'id,text,label\n1,a,good\n2,b,good\n' },
    words: ['train', 'run.yaml'],
    says: "The column 'label' of data.csv has one class only, 'good'. A classifier needs examples of at least two classes."
  }
]
