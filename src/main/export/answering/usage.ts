import type { AnsweringFile } from './answering-file.ts'

/** When "no answer" is said, in a sentence. */
export const noneSentence = ({ threshold }: AnsweringFile): string =>
  threshold === null
    ? 'It always gives an answer: every question that it learned from had one.'
    : `It says that there is none where the scores of the first token (as first and as last), less those of the best answer, are above ${threshold.toFixed(4)}; of several windows the least counts.`

/** How answers come of scores, in sentences for the card of an ONNX export. */
export function usageOfAnswering(how: AnsweringFile): readonly string[] {
  const { max_length: longest, max_answer_length: most, n_best: best, stride } = how
  const long =
    stride > 0
      ? `Longer texts are read in windows of ${longest} tokens that share ${stride} and all hold the question.`
      : `Texts are cut where question and text have ${longest} tokens.`
  return [
    `\`answering.json\` says how answers are read. Question and text go in together, the question first. Every token has a score of being the first and of being the last of the answer; the ${best} highest of each are tried with each other, and the pair with the highest sum is the answer: both in the text, in this order, ${most} tokens at most. ${long} ${noneSentence(how)}`,
    'Both examples do that and print `start` and `end` (in characters; that for Node in UTF-16 units, as JavaScript counts), text and score of the answer, or null. A score is a share among the best answers and none, not a calibrated probability.',
    ''
  ]
}

const code = (lines: readonly string[]): readonly string[] => ['```python', ...lines, '```']

/** The card's section on a merged model folder. */
export function answeringTransformersUsage(how: AnsweringFile): string {
  const { max_length: longest, stride, max_answer_length: most, threshold } = how
  return [
    ...code([
      'from transformers import AutoModelForQuestionAnswering, AutoTokenizer',
      '',
      'model = AutoModelForQuestionAnswering.from_pretrained("FOLDER")',
      'tokenizer = AutoTokenizer.from_pretrained("FOLDER")',
      'question, text = "What?", "A text."',
      `row = tokenizer(question, text, max_length=${longest}, truncation="only_second", return_tensors="pt")`,
      'scores = model(**row)  # start_logits and end_logits of each token'
    ]),
    '',
    `\`answering.json\` says how Attune reads answers from these scores: ${stride > 0 ? `windows of ${longest} tokens that share ${stride}` : `texts cut to ${longest} tokens`}, ${most} tokens to an answer at most. ${noneSentence(how)}${threshold === null ? '' : ' Programs that ask for the highest score alone say "no answer" elsewhere.'}`
  ].join('\n')
}

/** The card's section on an adapter. */
export const answeringPeftUsage = (how: AnsweringFile): string =>
  [
    ...code([
      'from peft import PeftModel',
      'from transformers import AutoModelForQuestionAnswering',
      '',
      'base = AutoModelForQuestionAnswering.from_pretrained("BASE")',
      'model = PeftModel.from_pretrained(base, "FOLDER").merge_and_unload()'
    ]),
    '',
    'Merge it as above, or call `model.base_model`: the wrapper of PEFT for answers does not hand on which tokens are the question (`token_type_ids`), so that models that have them answer otherwise.',
    '',
    `How answers are read from its scores stands in \`answering.json\`. ${noneSentence(how)}`
  ].join('\n')
