import type { ModelDescription, ServingLimits } from './answering.ts'
import type { Description } from './description-page.ts'

type Answer = Description['paths'][string][string]['responses'][string]

const json = (schema: object): object => ({ 'application/json': { schema } })
const ref = (name: string): object => ({ $ref: `#/components/schemas/${name}` })
const refusal = (description: string): Answer => ({ description, content: json(ref('Refusal')) })

/** What every route but the description may be refused with. */
const denied = {
  401: refusal('No token, or not the one that was shown when the server started.'),
  403: refusal('A web page asked.'),
  421: refusal('The address in Host is not 127.0.0.1 with this port.')
}

/** The description of the server (OpenAPI 3.1). `model`: null for the page that needs no token, which says nothing of the model. */
export function openApi(port: number, limits: ServingLimits, version: string, model: ModelDescription | null): Description {
  return {
    openapi: '3.1.0',
    info: {
      title: model === null ? 'Attune prediction server' : `Attune prediction server: ${model.name}`,
      version,
      description: 'Answers texts with a model on this machine. It listens on 127.0.0.1 alone; nothing leaves this PC.'
    },
    servers: [{ url: `http://127.0.0.1:${port}` }],
    security: [{ token: [] }],
    paths: pathsOf(limits),
    components: {
      securitySchemes: {
        token: { type: 'http', scheme: 'bearer', description: 'The token that was shown when the server started.' }
      },
      schemas: schemasOf(limits, model)
    }
  }
}

function pathsOf(limits: ServingLimits): Description['paths'] {
  return {
    '/v1/predict': {
      post: {
        summary: `Answers up to ${limits.rows} texts, in their order.`,
        requestBody: { required: true, content: json(ref('Question')) },
        responses: {
          200: { description: 'One answer for each row.', content: json(ref('Answers')) },
          400: refusal('The request is no JSON, or not of the form below.'),
          ...denied,
          408: refusal(`The request had not arrived after ${limits.seconds} seconds.`),
          413: refusal(`More than ${limits.rows} rows, ${limits.bytes} bytes or ${limits.tokens} tokens.`),
          415: refusal('The content is not application/json.'),
          429: refusal(`${limits.waiting} requests are waiting already. Retry-After says when to ask again.`),
          503: refusal('The process of the model was lost and is started again. Retry-After says when to ask again.')
        }
      }
    },
    '/v1/model': {
      get: {
        summary: 'What the model is: labels, thresholds, limits, hashes and who signed it.',
        responses: { 200: { description: 'The model.', content: json(ref('Model')) }, ...denied }
      }
    },
    '/openapi.json': {
      get: {
        summary: 'This description, with the labels of the model.',
        responses: { 200: { description: 'OpenAPI 3.1.' }, ...denied }
      }
    }
  }
}

function schemasOf(limits: ServingLimits, model: ModelDescription | null): Description['components']['schemas'] {
  const label = model === null || model.labels.length === 0 ? { type: 'string' } : { type: 'string', enum: model.labels }
  const text = { type: 'string', description: 'Longer texts than the model reads are cut or read in windows, as in training.' }
  const row = rowSchema(text, model)
  const many = { type: 'array', minItems: 1, maxItems: limits.rows }
  return {
    Question: {
      oneOf: [
        { type: 'object', properties: { texts: { ...many, items: text } }, required: ['texts'] },
        { type: 'object', properties: { rows: { ...many, items: row } }, required: ['rows'] }
      ],
      examples: [{ texts: ['The first text.', 'The second text.'] }]
    },
    Answers: {
      type: 'object',
      properties: {
        answers: { type: 'array', items: ref('Answer') },
        cut: { type: 'integer', description: 'Texts that were longer than the model reads, and were cut.' }
      },
      required: ['answers', 'cut']
    },
    Answer: answerOf(model, label),
    Model: {
      type: 'object',
      properties: {
        name: { type: 'string' },
        form: { type: 'string' },
        problem: { type: 'string' },
        labels: { type: 'array', items: { type: 'string' }, description: 'Labels, kinds of passages, or names of questions.' },
        questions: {
          type: 'array',
          items: { type: 'object', additionalProperties: { type: 'string' } },
          description: 'What the model asks of every text where no question is sent; only where it answers questions.'
        },
        max_tokens: { type: 'integer' },
        thresholds: { anyOf: [{ type: 'array', items: { type: 'number' } }, { type: 'null' }] },
        decision: { type: 'object' },
        weights: { type: 'array', items: { type: 'string' }, description: 'SHA-256 of each file that holds what was learned.' },
        signed_by: { anyOf: [{ type: 'string' }, { type: 'null' }] },
        limits: { type: 'object', additionalProperties: { type: 'integer' } }
      }
    },
    Refusal: {
      type: 'object',
      properties: {
        error: {
          type: 'object',
          properties: { code: { type: 'string' }, message: { type: 'string' } },
          required: ['code', 'message']
        }
      },
      required: ['error']
    }
  }
}

/** What is asked: a text, and what stands beside it. `model`: null where nothing is said of it. */
function rowSchema(text: object, model: ModelDescription | null): object {
  const pair = { type: 'string', description: 'The second text, where the model reads two.' }
  const own = model?.questions?.length === 0 ? '' : ' Where it is left out, the model asks its own questions.'
  const question = { type: 'string', description: `The question about the text, where the model answers questions.${own}` }
  const isPair = model?.questions === undefined && typeof model?.columns.pair === 'string'
  const beside = isPair ? ['pair'] : model?.questions?.length === 0 ? ['question'] : []
  const properties = model === null ? { text, pair, question } : { text, ...(model.questions ? { question } : { pair }) }
  return { type: 'object', properties, required: ['text', ...beside] }
}

function answerOf(model: ModelDescription | null, label: object): object {
  if (model?.questions) return questionsSchema(label)
  return model?.problem === 'token-classification' ? passagesSchema(label) : answerSchema(label)
}

const place = (description: string): object => ({ type: 'integer', minimum: 0, description })
const START = place('First character, counted from 0 in Unicode code points, as Python counts them.')
const END = place('The character after the last one.')

/** What a model that answers questions answers to a text. */
function questionsSchema(name: object): object {
  const words = { type: 'string', description: 'The answer itself, as it stands in the text.' }
  const found = { type: 'object', properties: { start: START, end: END, text: words }, required: ['start', 'end', 'text'] }
  const answer = {
    type: 'object',
    properties: {
      question: { anyOf: [{ type: 'string' }, name], description: "The question, or the name of the model's own." },
      answer: { anyOf: [found, { type: 'null' }], description: 'Null where the text has none.' },
      score: { type: 'number', description: 'Share of what is said among the best answers and none; not calibrated.' }
    },
    required: ['question', 'answer', 'score']
  }
  return { type: 'object', properties: { answers: { type: 'array', items: answer } }, required: ['answers'] }
}

/** What a model that marks passages answers to a text. */
function passagesSchema(kind: object): object {
  const passage = {
    type: 'object',
    properties: {
      start: START,
      end: END,
      kind,
      text: { type: 'string', description: 'The passage itself.' },
      score: { type: 'number', description: "The least probability among the tags of the passage's words." }
    },
    required: ['start', 'end', 'kind', 'text', 'score']
  }
  return { type: 'object', properties: { passages: { type: 'array', items: passage } }, required: ['passages'] }
}

/** What any other model answers. */
function answerSchema(label: object): object {
  return {
    type: 'object',
    properties: {
      label: {
        anyOf: [label, { type: 'array', items: label }, { type: 'number' }],
        description: 'The label, the labels, or the number.'
      },
      probabilities: {
        anyOf: [{ type: 'object', additionalProperties: { type: 'number' } }, { type: 'null' }],
        description: 'Calibrated; null for a number.'
      },
      logits: { type: 'array', items: { type: 'number' } },
      needs_person: {
        type: 'boolean',
        description: 'Whether it is too unsure to go without a person; only where that was fixed.'
      }
    },
    required: ['label', 'probabilities', 'logits']
  }
}
