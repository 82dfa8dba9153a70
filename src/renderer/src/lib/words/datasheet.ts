import { plural } from '../format.ts'

export const datasheet = {
  open: 'Datasheet',
  title: 'Datasheet',
  about:
    'What only you know about these data. Your answers go into the datasheet and the model card of every export made from them.',
  answered: (n: number, of: number) => `${n} of ${plural(of, 'question', 'questions')} answered`,
  none: 'Nothing is answered yet. Each question may stay open.',
  save: 'Save answers',
  saved: 'The answers are saved.'
}
