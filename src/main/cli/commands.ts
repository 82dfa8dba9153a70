/** One flag of a command. A flag with a `value` takes one, named so in the help. */
export interface Flag {
  readonly help: string
  readonly value?: string
  readonly isRequired?: boolean
}

export interface Command {
  readonly summary: string
  /** What must be named after the command, with its explanation. */
  readonly argument: { readonly name: string; readonly help: string } | null
  readonly flags: Readonly<Record<string, Flag>>
  /** Sentences below the options of its help. */
  readonly notes: readonly string[]
  readonly example: string
}

const json: Flag = { help: 'Writes one JSON event per line to standard output; the last is "finished" or "failed".' }
const configuration = { name: 'run.yaml', help: 'The configuration of the run; docs/run-yaml.md lists its keys.' }
const passphrase: Flag = {
  help: 'Reads the passphrase or recovery key of an encrypted folder from standard input instead of asking.'
}
const run = { name: 'RUN', help: 'The folder of a finished run.' }

/** What the command line can do, in the order of its help. */
export const commands = {
  open: {
    summary: 'Opens the application in your browser.',
    argument: null,
    flags: {
      root: { value: 'FOLDER', help: 'Folders of this machine can be chosen below this one; your home folder where left out.' },
      'no-open': { help: 'Only prints the address; you open it yourself, on this machine.' },
      json
    },
    notes: [
      'The page comes from this machine (127.0.0.1) and can be opened once with each address. Nothing leaves this PC.',
      'Data, models and runs lie in the folder that ATTUNE_DATA names, or in the one that this system has for them.'
    ],
    example: 'attune open'
  },
  train: {
    summary: 'Trains a model as run.yaml says and tests it.',
    argument: configuration,
    flags: {
      resume: { help: 'Goes on with the newest run of this configuration from its last checkpoint.' },
      'passphrase-stdin': passphrase,
      json
    },
    notes: [
      'Ctrl+C stops at a checkpoint, from which --resume goes on to the same result. A second Ctrl+C stops at once.',
      'Everything is written to a new folder below "output": checkpoints, curves, predictions, report.'
    ],
    example: 'attune train run.yaml'
  },
  plan: {
    summary: 'Says what a run would do and need, without training.',
    argument: configuration,
    flags: {
      'no-probe': { help: 'Leaves out the trial step: memory is worked out alone, and no time is said.' },
      'passphrase-stdin': passphrase,
      json
    },
    notes: [
      'Reads model and data, and counts rows, cut texts, steps, trained parameters, memory and disk.',
      'One step of the run is tried in a process of its own, to measure memory and time. Nothing is kept of it.'
    ],
    example: 'attune plan run.yaml'
  },
  import: {
    summary: 'Puts a PEFT adapter that was made elsewhere to its base model, ready to answer.',
    argument: { name: 'ADAPTER', help: 'A folder that PEFT wrote: adapter_config.json, adapter_model.safetensors.' },
    flags: {
      model: { value: 'FOLDER', isRequired: true, help: 'The model that the adapter was trained on.' },
      out: {
        value: 'FOLDER',
        isRequired: true,
        help: 'A new folder for what then answers; predict and evaluate take it as a RUN.'
      },
      labels: {
        value: 'NAMES',
        help: 'Its classes in the order of its outputs, with commas between them; needed where no config.json names them.'
      },
      'multi-label': { help: 'A text may have several of the classes.' },
      text: { value: 'COLUMN', help: 'The column with the text in files that it will answer; text where left out.' },
      'passphrase-stdin': passphrase,
      json
    },
    notes: [
      "The adapter's files are copied; its folder stays as it is. Nothing was tested yet: evaluate does that on rows with known answers.",
      'To train it further, name it in run.yaml as method.from_adapter; with max_steps: 0 it is tested as it is, and can then be exported.'
    ],
    example: 'attune import ./letters-lora --model ./models/MiniLM-L6 --out ./runs/letters-lora --labels "normal,soon,urgent"'
  },
  inspect: {
    summary: 'Says what a model folder holds and whether it can be trained.',
    argument: { name: 'FOLDER', help: 'A Hugging Face model folder: config.json, *.safetensors, tokenizer.json.' },
    flags: { json },
    notes: [],
    example: 'attune inspect ./models/MiniLM-L6'
  },
  evaluate: {
    summary: 'Tests a finished run on another labelled file.',
    argument: run,
    flags: {
      data: { value: 'FILE', isRequired: true, help: 'Rows with the columns of the run: CSV, TSV or JSON Lines.' },
      'passphrase-stdin': passphrase,
      json
    },
    notes: ['Each look at test rows is counted and shown.'],
    example: 'attune evaluate runs/letters-1 --data more.csv'
  },
  predict: {
    summary: 'Answers every row of a file with a finished run.',
    argument: run,
    flags: {
      data: { value: 'FILE', isRequired: true, help: 'Rows with the text column of the run: CSV, TSV or JSON Lines.' },
      out: { value: 'FILE', isRequired: true, help: 'Where the answers go; .csv or .jsonl decides the form.' },
      'passphrase-stdin': passphrase,
      json
    },
    notes: ['The order of rows is kept. JSON Lines carry label, probabilities and logits.'],
    example: 'attune predict runs/letters-1 --data new.csv --out answers.csv'
  },
  export: {
    summary: 'Writes a finished run in a form that other programs read, and tests what was written.',
    argument: run,
    flags: {
      format: {
        value: 'FORMAT',
        isRequired: true,
        help: 'huggingface: a merged model folder for transformers. peft: the LoRA adapter alone, for its base model.'
      },
      out: { value: 'DIR', isRequired: true, help: 'The folder to make; it must be new or empty.' },
      dtype: { value: 'TYPE', help: 'fp32, fp16 or bf16 for the weights; fp32 where left out.' },
      datasheet: {
        value: 'FILE',
        help: 'Answers about the data for datasheet.md; DATA.datasheet.yaml beside the data where left out.'
      },
      'no-card': { help: 'Leaves out the model card (README.md) and the datasheet.' },
      'no-report': { help: 'Leaves out the test report (report.html).' },
      examples: { help: 'Puts the texts of the worst errors into the report. Without this no row of the data is in an export.' },
      'passphrase-stdin': passphrase,
      json
    },
    notes: [
      'The rows that the run was tested on are replayed through the written files. Where the answers differ by more than',
      'the tolerance, nothing is kept. Of more than 2,000 rows an even sample is replayed. The export is not encrypted.'
    ],
    example: 'attune export runs/letters-1 --format huggingface --out letters'
  },
  verify: {
    summary: 'Checks that an export is what was tested, on any machine.',
    argument: { name: 'DIR', help: 'A folder that attune export made.' },
    flags: {
      data: { value: 'FILE', help: 'The data that the run was made from, to measure again.' },
      'passphrase-stdin': passphrase,
      json
    },
    notes: ['Checks the hash of every file, the chain and signature of manifest.json and the order of the labels.'],
    example: 'attune verify letters --data letters.csv'
  },
  devices: {
    summary: 'Lists what this machine can compute on.',
    argument: null,
    flags: { json },
    notes: [],
    example: 'attune devices'
  }
} as const satisfies Readonly<Record<string, Command>>

export type CommandName = keyof typeof commands

export const commandNames = Object.keys(commands) as CommandName[] // The keys of the object above.

export function isCommandName(name: string): name is CommandName {
  return Object.hasOwn(commands, name)
}
