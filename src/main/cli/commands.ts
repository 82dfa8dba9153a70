import { deviceFlag as device, devicesCommand } from './device-flag.ts'
import { profileCommand } from './profile-task.ts'
import { showCommand } from './show-command.ts'
import { curveFlag as curve, foldsFlag as folds } from './folds.ts'

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
  help: 'Reads the passphrase or recovery key of an encrypted folder from standard input instead of asking; that of a pack from its next line.'
}
const packPassphrase: Flag = { help: 'Reads the passphrase of a pack from standard input instead of asking.' }
const purpose: Flag = {
  value: 'PURPOSE',
  help: 'What the model is for: research, inside (used within the organisation) or commercial (sold or given to others). Says so where a licence speaks against it.'
}
const run = { name: 'RUN', help: 'The folder of a finished run.' }
const answering = { name: 'DIR', help: "The folder of a finished run, one that attune export made, or an adapter's with --base." }
const base: Flag = {
  value: 'FOLDER',
  help: "The base model of an adapter's folder: what PEFT wrote, or attune export --format peft. Its data need the columns that its manifest names; text without one."
}

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
      folds,
      curve,
      device,
      purpose,
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
      folds,
      curve,
      device,
      purpose,
      'passphrase-stdin': passphrase,
      json
    },
    notes: [
      'Reads model and data, and counts rows, cut texts, steps, trained parameters, memory and disk.',
      'One step of the run is tried in a process of its own, to measure memory and time. Nothing is kept of it.'
    ],
    example: 'attune plan run.yaml'
  },
  show: { ...showCommand, flags: { ...showCommand.flags, 'passphrase-stdin': passphrase, json } },
  profile: { ...profileCommand, flags: { ...profileCommand.flags, 'passphrase-stdin': passphrase, json } },
  import: {
    summary: 'Takes a packed model or adapter into the library, or puts a PEFT adapter made elsewhere to its base model.',
    argument: {
      name: 'PACK',
      help: 'A file that ends in .attune; or a folder that PEFT wrote: adapter_config.json, adapter_model.safetensors.'
    },
    flags: {
      yes: { help: 'Imports a pack without asking.' },
      model: { value: 'FOLDER', help: "The model that the adapter was trained on; needed for an adapter's folder." },
      out: {
        value: 'FOLDER',
        help: "A new folder for what then answers with the adapter; predict and evaluate take it as a RUN. Needed for an adapter's folder."
      },
      labels: {
        value: 'NAMES',
        help: 'Classes of the adapter in the order of its outputs, with commas between them; needed where no config.json names them.'
      },
      'multi-label': { help: 'A text may have several of the classes.' },
      text: { value: 'COLUMN', help: 'The column with the text in files that it will answer; text where left out.' },
      'passphrase-stdin': passphrase,
      json
    },
    notes: [
      'A pack is unpacked aside, every hash and the signature are checked, and what it holds and its licence are shown; it is imported after a',
      'yes. The model can then answer in Use and be trained further; its folder works with transformers too.',
      'A packed adapter goes onto the model of the library that it was made from, known by its hash; with --model and --out into a folder of',
      'its own. A window that is open shows what was imported.',
      '',
      "An adapter's files are copied; its folder stays as it is. Nothing was tested yet: evaluate does that on rows with known answers.",
      'To train it further, name it in run.yaml as method.from_adapter; with max_steps: 0 it is tested as it is, and can then be exported.',
      'Example: attune import ./letters-lora --model ./models/MiniLM-L6 --out ./runs/letters-lora --labels "normal,soon,urgent"'
    ],
    example: 'attune import letters.attune'
  },
  inspect: {
    summary: 'Says what a model folder, an adapter folder, a pack, data, or a file of marks holds.',
    argument: {
      name: 'PATH',
      help: 'A Hugging Face model folder (config.json, *.safetensors, tokenizer.json), a folder that PEFT wrote, or an .attune file. Or a table, or a folder of documents. Or marks: CoNLL, BRAT, doccano, Label Studio, spaCy, Prodigy.'
    },
    flags: {
      rejected: {
        value: 'FILE.csv',
        help: 'Writes every document, page and row that could not be read to this file, with the reason.'
      },
      'passphrase-stdin': packPassphrase,
      json
    },
    notes: [
      'Of a model: whether it can be trained. Of an adapter or a pack: base model, licence, size and hash, and what its signed manifest says.',
      'Of a pack only the manifest is read, its chain and signature checked; verify compares every file.',
      'Data are read from end to end; nothing is kept and nothing is changed. Attachments of e-mails are named, never opened.',
      'What a file of marks holds tells its format, not its ending. Documents that cannot be used are listed with the reason.'
    ],
    example: 'attune inspect ./letters --rejected left-out.csv'
  },
  look: {
    summary: 'Looks closely at labelled data: copies, what gives the answer away, languages, doubtful labels.',
    argument: { name: 'DATA', help: 'A table, a file of marks, or a folder, as inspect knows them.' },
    flags: {
      text: { value: 'COLUMN', help: 'The column with the text; guessed where left out.' },
      label: { value: 'COLUMN', help: 'The column with the answer: classes, numbers, or marks; guessed where left out.' },
      task: { value: 'TASK', help: 'text-classification, regression or token-classification; guessed where left out.' },
      'text-pair': { value: 'COLUMN', help: 'The column with the second text of a pair.' },
      separator: { value: 'TEXT', help: 'What divides several classes in one cell, such as ";".' },
      group: { value: 'COLUMN', help: 'The column that says which rows belong to one person or matter.' },
      fix: { value: 'FINDINGS', help: 'Puts these findings right in a new file: their names as told, with commas between them.' },
      out: { value: 'FILE', help: 'The new file for that, .csv or .jsonl. Nothing is ever written over.' },
      rows: {
        value: 'FILE.csv',
        help: 'Writes every row of every finding to this new file: finding, line, and what is said of it.'
      },
      'passphrase-stdin': passphrase,
      json
    },
    notes: [
      'The same look as "Look closer" in the window. The data are only read; a copy of their rows lies in the folder for temporary files meanwhile.',
      'duplicates, near-duplicates: copies go, the first of each set stays. doubtful-labels: labels become what a keyword model suggests; read them first.',
      'languages: rows in other languages go. leak-word, leak-column, marks-missed and marks-differ are told with their rows, for you to decide.'
    ],
    example: 'attune look letters.csv --label urgency --fix duplicates,near-duplicates --out letters-clean.csv'
  },
  marks: {
    summary: 'Writes marked passages for another program.',
    argument: { name: 'FILE', help: 'A file of marks as inspect knows them, or a table with a column of marks.' },
    flags: {
      to: {
        value: 'FORMAT',
        isRequired: true,
        help: 'spacy or doccano: JSON Lines. brat: a folder of .txt and .ann. conll: tagged words (IOB2), one a line. csv: a table with id, text and spans.'
      },
      out: { value: 'PATH', isRequired: true, help: 'The file or folder to make; it must not exist.' },
      text: { value: 'COLUMN', help: 'The column with the text; text where left out.' },
      spans: { value: 'COLUMN', help: 'The column with the marks; spans where left out.' },
      rename: { value: 'OLD=NEW', help: 'Gives a kind of passages another name; several with commas between them.' },
      merge: { value: 'A,B=C', help: 'Makes several kinds one.' },
      json
    },
    notes: [
      'The file itself is only read. CoNLL holds words, not texts: blanks are lost, and of marks in each other the outermost is kept.',
      'In CSV a text that a spreadsheet would compute begins with a quote; its marks move along. What is written as CSV can be read again.'
    ],
    example: 'attune marks letters.jsonl --to conll --out letters.conll'
  },
  evaluate: {
    summary: 'Tests a finished run on another labelled file.',
    argument: run,
    flags: {
      data: {
        value: 'FILE',
        isRequired: true,
        help: 'Rows with the columns of the run: CSV, TSV, JSON, JSON Lines, Parquet, Arrow, XLSX, or a folder.'
      },
      'passphrase-stdin': passphrase,
      json
    },
    notes: ['Each look at test rows is counted and shown.'],
    example: 'attune evaluate runs/letters-1 --data more.csv'
  },
  predict: {
    summary: 'Answers every row of a file, or of files as they come, with a finished run or an export.',
    argument: answering,
    flags: {
      data: {
        value: 'FILE',
        help: 'Rows with the text column of the model: CSV, TSV, JSON, JSON Lines, Parquet, Arrow, XLSX, or a folder of documents.'
      },
      out: { value: 'PATH', isRequired: true, help: 'The file of answers, .csv or .jsonl; with --watch the folder for them.' },
      ask: { value: 'QUESTIONS', help: 'What to ask of every text, with | between questions, in place of what the run learned.' },
      watch: { value: 'FOLDER', help: 'Answers text files and tables as they come into this folder, in place of --data.' },
      form: { value: 'FORM', help: 'With --watch, the form of answers: csv, xlsx or jsonl; csv where left out.' },
      base,
      'passphrase-stdin': passphrase,
      json
    },
    notes: [
      'The order of rows is kept. JSON Lines carry label, probabilities and logits; of a model that marks passages, the marks of each row, and of one that answers questions, the answer to each.',
      'With --watch, letter.txt is answered in letter.txt.answers.csv (of passages and questions, one line each); what cannot be read says why in letter.txt.failed.txt.',
      'Files that come in are only read. What was answered is not answered again by a watch that starts again. Ctrl+C ends.',
      'Folders inside the one that is watched are not looked at: start a watch for each.'
    ],
    example: 'attune predict runs/letters-1 --data new.csv --out answers.csv'
  },
  export: {
    summary: 'Writes a finished run in a form that other programs read, and tests what was written.',
    argument: run,
    flags: {
      format: {
        value: 'FORMAT',
        isRequired: true,
        help: 'huggingface: a merged model folder for transformers. peft: the LoRA adapter alone, for its base model. onnx, onnx-fp16, onnx-int8, onnx-int4: a merged model for ONNX Runtime. onnx-parts: base model and adapter in two files, so that adapters share one loaded base. attune: one file for another Attune.'
      },
      out: {
        value: 'DIR',
        isRequired: true,
        help: 'The folder to make; it must be new or empty. For attune, a file that ends in .attune.'
      },
      dtype: { value: 'TYPE', help: 'fp32, fp16 or bf16 for the weights, where the format leaves it open; fp32 where left out.' },
      'external-data': { help: 'With onnx: puts the weights into a file beside the model; above 1.5 GB they always are.' },
      'max-shard-size': {
        value: 'SIZE',
        help: 'With huggingface: begins another file of weights above this size, such as 4GB for a stick in FAT32; 5GB where left out.'
      },
      quantization: {
        value: 'KIND',
        help: 'With onnx-int8: dynamic works out ranges as the export runs, static measures them on validation rows; dynamic where left out.'
      },
      adapter: { help: 'With attune: packs the LoRA adapter alone, which needs the same base model on the other PC.' },
      encrypt: { help: 'With attune: asks for a passphrase, without which the file cannot be opened (age format).' },
      datasheet: {
        value: 'FILE',
        help: 'Answers about the data for datasheet.md; DATA.datasheet.yaml beside the data where left out.'
      },
      'no-card': { help: 'Leaves out the model card (README.md) and the datasheet.' },
      'no-report': { help: 'Leaves out the test report (report.html).' },
      examples: { help: 'Puts the texts of the worst errors into the report. Without this no row of the data is in an export.' },
      'report-groups': {
        value: 'COLUMNS',
        help: 'Groups the report by the values of these columns of the data, with commas between them: means of groups of 20 rows or more, smaller ones put together. The names of the groups are then in the report.'
      },
      purpose,
      'passphrase-stdin': passphrase,
      json
    },
    notes: [
      'The rows that the run was tested on are replayed through the written files. Where the answers differ by more than',
      'the tolerance, nothing is kept. Of more than 2,000 rows an even sample is replayed. The export is not encrypted.',
      '',
      'Words of your own for the model card lie in card.json of the run: {"intended": "…", "limits": "…", "further": "…"}.'
    ],
    example: 'attune export runs/letters-1 --format huggingface --out letters'
  },
  serve: {
    summary: 'Answers other programs of this machine with a finished run or an export.',
    argument: answering,
    flags: {
      port: { value: 'PORT', help: 'The port on 127.0.0.1; one that is free where left out.' },
      base,
      'token-stdin': {
        help: 'Reads the token that requests need from standard input instead of making and showing one. With --passphrase-stdin: the passphrase is the first line, the token the second.'
      },
      'passphrase-stdin': passphrase,
      json
    },
    notes: [
      'HTTP on 127.0.0.1 alone: POST /v1/predict answers up to 1,000 texts. GET / describes it; docs/guide/serving.md says more.',
      'Every request needs the token. Web pages are refused. No text is written down: only counts and times are told.'
    ],
    example: 'attune serve letters --port 8123'
  },
  verify: {
    summary: 'Checks that an export is what was tested, on any machine.',
    argument: { name: 'DIR', help: 'A folder or an .attune file that attune export made.' },
    flags: {
      data: { value: 'FILE', help: 'The data that the run was made from, to measure again.' },
      'passphrase-stdin': passphrase,
      json
    },
    notes: ['Checks the hash of every file, the chain and signature of manifest.json and the order of the labels.'],
    example: 'attune verify letters --data letters.csv'
  },
  review: {
    summary: 'Adds your signed word to an export: that you reviewed it, or that it is retired.',
    argument: { name: 'DIR', help: 'A folder or an .attune file that attune export made.' },
    flags: {
      status: {
        value: 'STATUS',
        isRequired: true,
        help: 'reviewed: by a second person, on another installation than the one that exported. retired: not to be used any more.'
      },
      name: { value: 'NAME', isRequired: true, help: 'Who stands for it.' },
      note: { value: 'TEXT', help: 'What you looked at, or why it is retired.' },
      'passphrase-stdin': passphrase,
      json
    },
    notes: [
      'The export is checked as verify does, then review.json is written beside its manifest: name, date and note, chained to',
      'the manifest and signed with the key of this installation. Nothing else is changed. A pack is packed again with it, under',
      'the same passphrase where it has one.'
    ],
    example: 'attune review letters --status reviewed --name "Dr. M. Ruiz" --note "Read card, report and 50 answers"'
  },
  deidentify: {
    summary: 'Writes copies of documents and tables without what names people.',
    argument: {
      name: 'IN',
      help: 'A file that ends in .txt, .md, .csv, .tsv, .jsonl, .xlsx, .docx, .pdf, .eml, .html or .htm, or a folder of such files.'
    },
    flags: {
      out: { value: 'PATH', help: 'The new file, or the new folder where IN is one. Nothing is ever written over.' },
      mask: { value: 'KINDS', help: 'Puts [NAME] and the like in place of these kinds, and leaves all others.' },
      pseudonymise: {
        value: 'KINDS',
        help: 'Puts another value in place: the same one for the same value in all files; dates move by whole weeks.'
      },
      remove: { value: 'KINDS', help: 'Puts nothing in place.' },
      leave: { value: 'KINDS', help: 'Leaves these kinds as they are.' },
      actions: { value: 'FILE', help: 'All of that in a file instead: lines such as "NAME: pseudonymise", and "other: mask".' },
      run: {
        value: 'RUN',
        help: 'A finished run that marks passages, which finds beside the rules. Its own kinds are touched where they are named.'
      },
      model: {
        value: 'DIR',
        help: 'The same with an export of such a run, or a model of the library that was imported from a pack.'
      },
      columns: { value: 'NAMES', help: 'Columns of tables that are gone through, with commas between them; all where left out.' },
      group: {
        value: 'COLUMN',
        help: 'The column of tables by which rows belong to one person: their dates move by the same weeks.'
      },
      rename: { help: 'Numbers the files of a folder instead of keeping their names.' },
      mapping: {
        value: 'FILE',
        help: 'Writes what stands for what into this file, encrypted with a passphrase (age format). Kept nowhere where left out.'
      },
      known: {
        value: 'FILE',
        help: 'Goes on from such a file: what is in it keeps its surrogates and shifts of dates. A new --mapping gets the same passphrase.'
      },
      visible: { value: 'N', help: 'Shows up to N passages of the copies that may still say something.' },
      found: { value: 'N', help: 'Shows up to N of the passages that were found.' },
      check: {
        help: 'Writes nothing: compares what is found in a table with marks in another column, and says how much was missed.'
      },
      marks: { value: 'COLUMN', help: 'With --check, the column with the marks; spans where left out.' },
      'passphrase-stdin': passphrase,
      json
    },
    notes: [
      'KINDS: ALL, or some of NAME, ADDRESS, DATE, AGE, PHONE, EMAIL, URL, IP, IBAN, CARD, NHS, SSN, TAX_ID, SOCIAL_INSURANCE, PASSPORT,',
      'RECORD, with commas between them. Without any of these flags every kind is masked; what is not named is masked too, but with --mask.',
      'Copies appear once all of them are whole; PDF, e-mail and HTML become text. Values are never told, only counts. Rules do not find everything: read some of the copies.',
      'Example: attune deidentify marked.csv --check --columns text --marks spans'
    ],
    example: 'attune deidentify letters --out letters-clean --pseudonymise NAME,DATE'
  },
  devices: { ...devicesCommand, flags: { ...devicesCommand.flags, json } }
} as const satisfies Readonly<Record<string, Command>>

export type CommandName = keyof typeof commands

export const commandNames = Object.keys(commands) as CommandName[] // The keys of the object above.

export function isCommandName(name: string): name is CommandName {
  return Object.hasOwn(commands, name)
}
