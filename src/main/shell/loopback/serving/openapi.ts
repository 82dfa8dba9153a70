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
  const row = {
    type: 'object',
    properties: { text, pair: { type: 'string', description: 'The second text, where the model reads two.' } },
    required: model?.columns.pair === undefined || model.columns.pair === null ? ['text'] : ['text', 'pair']
  }
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
    Answer: model?.problem === 'token-classification' ? passagesSchema(label) : answerSchema(label),
    Model: {
      type: 'object',
      properties: {
        name: { type: 'string' },
        form: { type: 'string' },
        problem: { type: 'string' },
        labels: { type: 'array', items: { type: 'string' }, description: 'Labels, or kinds of passages.' },
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

/** What a model that marks passages answers to a text. */
function passagesSchema(kind: object): object {
  const place = (description: string): object => ({ type: 'integer', minimum: 0, description })
  const passage = {
    type: 'object',
    properties: {
      start: place('First character, counted from 0 in Unicode code points, as Python counts them.'),
      end: place('The character after the last one.'),
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
