import { choice, decimal, flag, integer, optional } from '../../base/options.ts'

/** How texts become what the model reads. */
export const inputOptions = {
  max_length: optional(integer({ min: 3, max: 1_000_000, unit: 'tokens' }), {
    help: 'The longest text in tokens; truncation says what happens to longer ones. How many were cut is counted and shown.',
    derived: "the model's own limit"
  }),
  truncation: optional(choice({ values: ['head', 'head_tail', 'windows'] }), {
    help: 'What is kept of a text that is too long: its head, its head and tail, or all of it as overlapping windows.',
    derived: 'windows for token classification and question answering, else head'
  }),
  head_share: decimal({
    default: 0.25,
    above: 0,
    below: 1,
    help: 'truncation head_tail: share of the room that the head gets.'
  }),
  stride: optional(integer({ max: 1_000_000, unit: 'tokens' }), {
    help: 'truncation windows: tokens that neighbouring windows share.',
    derived: 'a quarter of a window for token classification and question answering, else 0'
  }),
  window_pooling: choice({
    values: ['mean', 'max'],
    default: 'mean',
    help: "truncation windows: how the windows' scores become the score of the text."
  }),
  group_by_length: flag({
    default: true,
    help: 'Puts texts of like length into one batch. Faster, since less padding is computed.'
  }),
  packing: flag({
    default: false,
    help: 'Puts several short texts into one row while training, each seeing only itself. Faster where lengths differ in a batch, so with group_by_length: false.'
  }),
  mlm_probability: decimal({ default: 0.15, above: 0, below: 1, help: 'masked-lm: share of the tokens that are to be guessed.' }),
  whole_word_mask: flag({ default: false, help: 'masked-lm: hides whole words instead of single tokens.' })
}
