import type { MarksFile } from './marks-file.ts'

/** How passages come of logits, in sentences for the card of an ONNX export. */
export function usageOfMarks({ labelled, crf, max_length: longest }: MarksFile): readonly string[] {
  const asked =
    labelled === 'first' ? 'The first token of each word is asked (`word` is a regular expression)' : 'Every token is asked'
  const learned = crf
    ? 'These were learned by a conditional random field, and no passage can be read rightly without them.'
    : 'They rule out what breaks the scheme of the tags, and nothing else.'
  return [
    `\`marks.json\` says how passages are read. ${asked}; the tags of a text are those with the highest sum of logits and \`transitions\` (Viterbi), where -10000 stands for what may not be. ${learned}`,
    `Both examples do that and print \`start\` and \`end\` (in characters; that for Node in UTF-16 units, as JavaScript counts), kind and text of each passage. They cut texts after ${longest} tokens; Attune reads longer ones in overlapping windows, and asks each word in the window where it stands furthest from a cut.`,
    ''
  ]
}

const code = (language: string, lines: readonly string[]): readonly string[] => ['', `\`\`\`${language}`, ...lines, '```']

/** The card's section on a merged model folder. */
export function transformersUsage({ scheme, labelled }: MarksFile): string {
  // The pipeline's ways of joining know of B and I alone.
  const way = scheme === 'BIO' && labelled === 'first' ? 'first' : 'none'
  return [
    ...code('python', [
      'from transformers import pipeline',
      '',
      `find = pipeline("token-classification", model="FOLDER", aggregation_strategy="${way}")`,
      'print(find("A text."))'
    ]).slice(1),
    '',
    `${way === 'none' ? 'The pipeline then gives the tags of tokens, not passages. ' : ''}Attune reads the tags of a whole text together, as \`marks.json\` says, so that no tag breaks the scheme; the pipeline takes each word's likeliest tag and may end a passage elsewhere.`
  ].join('\n')
}

/** The card's section on an adapter. */
export function peftUsage({ tags }: MarksFile): string {
  return code('python', [
    'from peft import PeftModel',
    'from transformers import AutoModelForTokenClassification',
    '',
    `base = AutoModelForTokenClassification.from_pretrained("BASE", num_labels=${tags.length})`,
    'model = PeftModel.from_pretrained(base, "FOLDER")'
  ])
    .slice(1)
    .concat('', 'The tags in the order of its outputs, and how passages are read from them, stand in `marks.json`.')
    .join('\n')
}
