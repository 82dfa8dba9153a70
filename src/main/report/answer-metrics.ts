/** Title and meaning of the metrics of answers. */
export const ANSWER_METRICS = {
  answer_f1: {
    title: 'F1 of answers',
    meaning: 'mean F1 over the words of each answer and the right one that is most like it (SQuAD F1)'
  },
  exact_match: {
    title: 'Exactly right',
    meaning: 'share of questions whose answer says the same words as a right one (SQuAD exact match)'
  },
  has_answer_f1: { title: 'F1, with an answer', meaning: 'F1 over the questions whose text has an answer (SQuAD HasAns)' },
  has_answer_exact: { title: 'Exactly right, with an answer', meaning: 'exact matches among the questions whose text has an answer' },
  no_answer_exact: {
    title: 'Right, without an answer',
    meaning: 'share of the questions without an answer that were told so (SQuAD NoAns)'
  }
} as const
