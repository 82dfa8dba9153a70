import { choice, decimal, either, flag, group, integer, list, map, optional, text } from '../base/options.ts'

const file = text({ format: 'path' })
const column = text({ maxLength: 1000 })

const files = {
  file: optional(file, {
    help: 'One file with all rows, to be split: CSV, TSV, JSON, JSON Lines, Parquet, Arrow or XLSX. Or a folder: a row for each document in it.'
  }),
  train: optional(file, { help: 'Rows to train on, where they are split already. Instead of file.' }),
  validation: optional(file, { help: 'Rows that choose the best checkpoint. Left out, they are cut from train.' }),
  test: optional(file, { help: 'Rows that measure the result, looked at once. Left out, they are cut from train.' }),
  text: text({ maxLength: 1000, help: 'The column with the text.' })
}

const question = text({ maxLength: 2000 })

const textPair = optional(column, { help: 'The column with the second text, where two are read together.' })

const rest = {
  group: optional(column, {
    help: 'The column that says what belongs together (a patient, a source). Its rows are never split between training and test.'
  }),
  id: optional(column, { help: "The column with the rows' names, repeated in predictions." }),
  encoding: optional(text({ maxLength: 40 }), { help: 'The character encoding of the files.', derived: 'recognised' }),
  delimiter: optional(choice({ values: [',', ';', '\t', '|'] }), {
    help: 'What divides the columns of a CSV file.',
    derived: 'recognised'
  }),
  split: optional(
    group(
      {
        train: decimal({ above: 0, max: 1, help: 'Share of the rows to train on.' }),
        validation: decimal({ default: 0, below: 1, help: 'Share of the rows that choose the best checkpoint.' }),
        test: decimal({ default: 0, below: 1, help: 'Share of the rows that measure the result.' })
      },
      {}
    ),
    {
      help: 'How the rows are split; the shares add up to 1. Classes keep their shares; groups and duplicates stay together.',
      derived: '0.7, 0.15 and 0.15; where validation or test is a file, the others share its part'
    }
  ),
  split_column: optional(column, {
    help: 'The column of file that says the part of each row: train, validation or test. Rows whose cell is empty are split.'
  }),
  split_date: optional(column, {
    help: 'The column with the date of each row. The oldest rows are then trained on, later ones choose the best checkpoint, the newest test; a group goes with its newest row.'
  }),
  split_seed: optional(integer({ max: 2 ** 31 - 1 }), {
    help: 'The draw of the split. Runs with equal ones have the same test rows, whatever their own seed.',
    derived: "the run's seed"
  })
}

const folds = optional(integer({ min: 2, max: 20 }), {
  help: 'Trains so many times, each time tested on another fold of the rows, and reports all of their answers together (cross-validation). The shares of split then divide what is left of each fold.'
})

const learningCurve = flag({
  default: false,
  help: 'Trains three times more, on an eighth, a quarter and a half of the training rows, and says from that whether twice the labels would likely help.'
})

const balance = {
  cap_per_class: optional(integer({ min: 1, max: 10_000_000 }), {
    help: 'Trains on so many rows of each class at most, drawn by split_seed. Validation and test keep theirs.'
  }),
  oversample: choice({
    values: ['none', 'balanced'],
    default: 'none',
    help: 'balanced repeats training rows of rare classes until every class has as many as the largest; only after the split, so that no copy is tested.'
  })
}

/** The `data` section by task. Columns are named as in the files' first line. */
export const dataOptions = {
  'text-classification': {
    ...files,
    text_pair: textPair,
    label: text({ maxLength: 1000, help: 'The column with the label to be learned.' }),
    label_separator: optional(text({ maxLength: 10 }), { help: 'What divides several labels in one cell, e.g. `;`.' }),
    ...rest,
    folds,
    learning_curve: learningCurve,
    ...balance
  },
  'token-classification': {
    ...files,
    label: text({
      maxLength: 1000,
      help: 'The column with the marked passages: a list such as [{"start": 0, "end": 4, "label": "NAME"}], counted in characters from 0.'
    }),
    overlapping: choice({
      values: ['refuse', 'outermost'],
      default: 'refuse',
      help: 'What happens where marks overlap: they are refused by line, or the outermost is kept.'
    }),
    ...rest,
    folds,
    learning_curve: learningCurve
  },
  'question-answering': {
    ...files,
    question: optional(column, {
      help: 'The column with the question that is asked of each text: a row for each question, as SQuAD has them. Instead of questions.'
    }),
    questions: optional(map(either([question, list(question, { min: 1, max: 100 })], {}), { keys: 'type of mark' }), {
      help: 'The same questions for every text, by the type of the marks that answer them: {LAW: Which law governs this contract?}. Several wordings of one, in a list, take turns. Instead of question.'
    }),
    answers: text({
      maxLength: 1000,
      help: 'The column with the answers, as SQuAD has them ({"text": [], "answer_start": []}; empty where there is none), or one answer as it stands in the text. With questions: marks, as token-classification has them.'
    }),
    ...rest,
    folds,
    learning_curve: learningCurve
  },
  regression: {
    ...files,
    text_pair: textPair,
    label: text({ maxLength: 1000, help: 'The column with the number to be learned.' }),
    ...rest,
    folds,
    learning_curve: learningCurve
  },
  'masked-lm': { ...files, ...rest }
}
