const DIRECTIVE = /^\s*eslint-(?:disable(?:-next-line|-line)?)\b(?<rest>[^]*)$/

/**
 * A suppression names its rules and its reason: `eslint-disable-next-line some/rule -- the runtime reads this field`.
 * Reported at the top of the file, because a suppression could otherwise silence the report about itself.
 */
export const explainedSuppressions = {
  meta: {
    type: 'suggestion',
    schema: [],
    messages: {
      unexplained: 'Line {{line}}: a suppression names its rules and its reason: eslint-disable-next-line RULE -- REASON.'
    }
  },
  create(context) {
    return {
      Program() {
        for (const comment of context.sourceCode.getAllComments()) {
          const rest = DIRECTIVE.exec(comment.value)?.groups.rest
          if (rest === undefined) continue
          const [rules = '', reason = ''] = rest.split(/\s-{2,}\s/)
          if (rules.trim() !== '' && reason.trim().length >= 10) continue
          context.report({
            loc: { line: 1, column: 0 },
            messageId: 'unexplained',
            data: { line: String(comment.loc.start.line) }
          })
        }
      }
    }
  }
}
