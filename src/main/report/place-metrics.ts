/** Title and meaning of the metrics of what is found in texts: passages by softer rules, and answers. */
export const PLACE_METRICS = {
  exact_f1: {
    title: 'F1, any type',
    meaning: 'F1 over passages whose stretch is right, whatever their type (SemEval-2013 exact)'
  },
  partial_f1: { title: 'F1, overlap counts half', meaning: 'as above, half for a stretch that overlaps (SemEval-2013 partial)' },
  type_f1: { title: 'F1, type alone', meaning: 'F1 over passages of the right type that overlap at all (SemEval-2013 type)' },
  answer_f1: {
    title: 'F1 of answers',
    meaning: 'mean F1 over the words of each answer and the right one that is most like it (SQuAD F1)'
  },
  exact_match: {
    title: 'Exactly right',
    meaning: 'share of questions whose answer says the same words as a right one (SQuAD exact match)'
  },
  has_answer_f1: { title: 'F1, with an answer', meaning: 'F1 over the questions whose text has an answer (SQuAD HasAns)' },
  has_answer_exact: {
    title: 'Exactly right, with an answer',
    meaning: 'the same over the questions whose text has an answer'
  },
  no_answer_exact: {
    title: 'Right, without an answer',
    meaning: 'share of the questions without an answer that were told so (SQuAD NoAns)'
  }
} as const
