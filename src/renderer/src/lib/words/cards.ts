export const cards = {
  open: 'Add your own words',
  title: 'Your words in the model card',
  about:
    'They are kept with this run and stand in README.md of every export that has a model card, said to be yours. What Attune writes there stays.',
  parts: {
    intended: 'What is it meant for?',
    limits: 'Where must it not be relied on?',
    further: 'What else should people know?'
  },
  hints: {
    intended: 'Sorting incoming letters of the outpatient clinic before a nurse reads them',
    limits: 'Letters of children; letters in another language; any decision without a person',
    further: 'Who answers for it, how often it is tested again'
  },
  plain: 'Plain text. Name no patient or client: it leaves with the model.',
  save: 'Keep the words',
  saved: 'Your words are kept with this run.'
}
