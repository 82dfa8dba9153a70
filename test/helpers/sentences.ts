import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import ts from 'typescript'

/** What an InputError of main says in a window, as it stands in the source. */
export interface WrittenSentence {
  readonly code: string
  readonly file: string
  /** What differs from case to case is replaced by something of its kind. */
  readonly text: string
  /** Matches the sentence whatever stands in those places. */
  readonly pattern: RegExp
}

const root = resolve(import.meta.dirname, '../..')

/** What stands for an expression in a sentence, by its name. */
const SAMPLES: readonly (readonly [RegExp, string])[] = [
  [/^(?:counted|rows?Words)\(.*'row/, '812 rows'],
  [/^counted\(.*'column/, '3 columns'],
  [/^counted\(.*'cell/, '4 cells'],
  [/^counted\(.*'(?:different )?value/, '60 different values'],
  [/^counted\(.*'(\w+ ?\w*)'/, '2 $1s'],
  [/^(?:showBytes|gigabytes|size|sizeOf)\b/, '2.4 GB'],
  [/^(?:shownList)\(/, "'urgent', 'soon', 'routine'"],
  [/^shown\((?:wanted|column|spec|only|twice|name)/, "'urgency'"],
  [/^shown\(/, "'urgent'"],
  [/[lL]ines?\b|Line\b/, '12'],
  [/^quoted\(/, '"clinic-model"'],
  [/(?:path|Path|[fF]older|file|File|from|to|root|name|Name|stem)\b.*$/, 'letters.csv'],
  [/^(?:code|error|messageOf|why|reason|what)/, 'it is damaged'],
  [/(?:count|length|size|max|limit|most|rows|units|wanted|left|all|bad|n|step|seconds|minutes)\b/i, '12']
]

/** Stands for what differs while a pattern is made. */
const GAP = '\u0001'

type Fill = (expression: string) => string

function sampleFor(expression: string): string {
  for (const [pattern, text] of SAMPLES) {
    const found = pattern.exec(expression)
    if (found) return text.replace('$1', found[1] ?? '')
  }
  return '…'
}

/** Every sentence that an InputError of main is made with. */
export function writtenSentences(): readonly WrittenSentence[] {
  const main = join(root, 'src/main')
  return readdirSync(main, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .flatMap((name) => sentencesIn(name, readFileSync(join(main, name), 'utf8')))
}

function sentencesIn(file: string, text: string): WrittenSentence[] {
  if (!text.includes('InputError')) return []
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true)
  const found: WrittenSentence[] = []
  const visit = (node: ts.Node): void => {
    const args = ts.isNewExpression(node) || isSuper(node) ? (node.arguments ?? []) : []
    const isError = ts.isNewExpression(node) ? node.expression.getText() === 'InputError' : args.length > 0
    const [code, message, where] = args
    if (isError && code && message) for (const each of codesOf(code)) found.push(sentenceFrom(each, file, message, where))
    ts.forEachChild(node, visit)
  }
  visit(source)
  return found
}

function sentenceFrom(code: string, file: string, message: ts.Expression, where: ts.Expression | undefined): WrittenSentence {
  const said = (where && ts.isObjectLiteralExpression(where) ? propertyOf(where, 'inApp') : null) ?? message
  const bare = sentenceOf(said, () => GAP).replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')
  return { code, file, text: sentenceOf(said, sampleFor), pattern: new RegExp(`^${bare.replaceAll(GAP, '.*')}$`, 's') }
}

/** The codes that an argument may be. */
function codesOf(node: ts.Expression): readonly string[] {
  if (ts.isStringLiteral(node)) return [node.text]
  return ts.isConditionalExpression(node) ? [...codesOf(node.whenTrue), ...codesOf(node.whenFalse)] : []
}

const isSuper = (node: ts.Node): node is ts.CallExpression =>
  ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.SuperKeyword

function propertyOf(object: ts.ObjectLiteralExpression, name: string): ts.Expression | null {
  for (const property of object.properties) {
    if (ts.isPropertyAssignment(property) && property.name.getText() === name) return property.initializer
    if (ts.isShorthandPropertyAssignment(property) && property.name.text === name) return property.name
  }
  return null
}

/** The words of an expression, followed to where its parts are declared. */
function sentenceOf(node: ts.Expression, fill: Fill, depth = 0): string {
  if (ts.isStringLiteralLike(node)) return node.text
  if (ts.isTemplateExpression(node)) {
    const parts = node.templateSpans.map((span) => partOf(span.expression, fill, depth) + span.literal.text)
    return node.head.text + parts.join('')
  }
  if (ts.isConditionalExpression(node) && fill(GAP) !== GAP) return sentenceOf(node.whenTrue, fill, depth)
  if (ts.isParenthesizedExpression(node)) return sentenceOf(node.expression, fill, depth)
  if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.PlusToken)
    return sentenceOf(node.left, fill, depth) + sentenceOf(node.right, fill, depth)
  if (ts.isIdentifier(node) && depth < 4) {
    const declared = declarationOf(node)
    if (declared) return sentenceOf(declared, fill, depth + 1)
  }
  if (ts.isCallExpression(node) && ts.isPropertyAccessExpression(node.expression) && node.expression.name.text === 'replace')
    return replaced(node, fill, depth)
  return fill(node.getText())
}

/** `message.replace('a', 'b')`, as far as it is written with two strings. */
function replaced(node: ts.CallExpression, fill: Fill, depth: number): string {
  const [from, to] = node.arguments
  const text = ts.isPropertyAccessExpression(node.expression) ? sentenceOf(node.expression.expression, fill, depth) : ''
  if (!from || !to || !ts.isStringLiteralLike(to)) return text
  if (ts.isStringLiteralLike(from)) return text.replace(from.text, to.text)
  return ts.isRegularExpressionLiteral(from) ? text.replace(/\.$/, to.text) : text
}

/** A part of a template: another sentence where it is declared as one, else something of its kind. */
function partOf(node: ts.Expression, fill: Fill, depth: number): string {
  if (ts.isIdentifier(node) && depth < 4) {
    const declared = declarationOf(node)
    if (declared && (ts.isStringLiteralLike(declared) || ts.isTemplateExpression(declared)))
      return sentenceOf(declared, fill, depth + 1)
  }
  if (ts.isConditionalExpression(node) && fill(GAP) !== GAP) return sentenceOf(node.whenTrue, fill, depth + 1)
  return fill(node.getText())
}

/** What the nearest `const` of this name above a use of it is. */
function declarationOf(use: ts.Identifier): ts.Expression | null {
  for (let scope: ts.Node | undefined = use.parent; scope; scope = scope.parent) {
    if (!ts.isBlock(scope) && !ts.isSourceFile(scope)) continue
    for (const statement of scope.statements) {
      if (!ts.isVariableStatement(statement)) continue
      for (const { name, initializer } of statement.declarationList.declarations) {
        if (ts.isIdentifier(name) && name.text === use.text && initializer) return initializer
      }
    }
  }
  return null
}
