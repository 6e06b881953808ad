import { createHmac } from 'node:crypto'
import { wholeDocument } from '../test/api-document.ts'
import type { Chance } from './chance.ts'
import { FuzzValues, type Json, oddities, type Schema, spoil, toBody } from './fuzz-values.ts'
import type { HttpAnswer } from './http-client.ts'
import { shop } from './shop.ts'
import { keys, type Stage } from './stage.ts'

type Parameter = { name: string; in: string; required?: boolean; schema?: Schema }
type Operation = {
  method: string
  path: string
  parameters: Parameter[]
  body: { schema: Schema | undefined; type: string } | undefined
}
type Request = {
  method: string
  path: string
  caller: string
  headers: Record<string, string>
  body?: string | undefined
}
export type Finding = { problem: string; request: Request; answer: string }

const senders = ['stripe', 'bonum', 'easypost', 'printful'] as const
const knownIds = 400

/** Sends requests that are made of the API's own document, and keeps what should not have been answered like that. */
export class Fuzzer {
  sent = 0
  slowestMs = 0
  readonly statuses = new Map<number, number>()
  readonly findings: Finding[] = []
  readonly #stage: Stage
  readonly #operations: [Operation, ...Operation[]]
  readonly #values: FuzzValues
  readonly #known: string[]
  readonly #callers: [string, ...string[]]
  readonly #credentials: Record<string, Record<string, string>>
  readonly #slowMs: number

  private constructor(
    stage: Stage,
    document: Document,
    credentials: Record<string, Record<string, string>>,
    known: string[],
    slowMs: number,
  ) {
    const [first, ...others] = operationsOf(document)
    if (!first) throw new Error('the document has no operations')
    this.#stage = stage
    this.#operations = [first, ...others]
    this.#known = known
    this.#values = new FuzzValues(document.components?.schemas ?? {}, known)
    this.#credentials = credentials
    // Most requests come from whoever may do the most.
    this.#callers = ['secret', 'secret', 'secret', 'secret', 'secret', 'publishable', ...Object.keys(credentials)]
    this.#slowMs = slowMs
  }

  /** Stocks a shop and signs an operator in, so that requests find something. */
  static async open(stage: Stage, admin: { email: string; password: string }, slowMs: number): Promise<Fuzzer> {
    await shop(stage).stock()
    const origin = { origin: stage.urls.api, 'content-type': 'application/json' }
    const response = await fetch(`${stage.urls.api}/v2/sessions`, {
      method: 'POST',
      headers: origin,
      body: JSON.stringify(admin),
    })
    const cookie = response.headers.get('set-cookie')?.split(';', 1)[0]
    if (!cookie) throw new Error(`the operator could not sign in: ${response.status}`)
    const document = (await wholeDocument(stage.urls.api)) as unknown as Document
    const credentials = {
      secret: { authorization: `Bearer ${keys.secret}` },
      publishable: { authorization: `Bearer ${keys.publishable}` },
      operator: { cookie, origin: stage.urls.api },
      nobody: {},
    }
    return new Fuzzer(stage, document, credentials, ['digital', 'physical', 'pod'], slowMs)
  }

  async step(chance: Chance): Promise<void> {
    const request = chance.next() < 0.12 ? this.#webhook(chance) : this.#request(chance)
    const from = performance.now()
    const { headers, body } = request
    const answer = await this.#stage.http.api
      .call(request.method, request.path, { headers, timeoutMs: 15_000, ...(body === undefined ? {} : { body }) })
      .catch((error: Error): HttpAnswer => ({ status: 0, text: error.message }))
    this.#judge(request, answer, performance.now() - from)
    this.#learn(answer.text)
  }

  #judge(request: Request, { status, text }: HttpAnswer, tookMs: number): void {
    this.sent += 1
    this.slowestMs = Math.max(this.slowestMs, tookMs)
    this.statuses.set(status, (this.statuses.get(status) ?? 0) + 1)
    const problem =
      status === 0
        ? 'no answer'
        : status === 500
          ? 'a 500'
          : tookMs > this.#slowMs
            ? `slow (${Math.round(tookMs)} ms)`
            : status >= 400 && !isError(text)
              ? 'no answer in the error format'
              : undefined
    if (problem) this.findings.push({ problem, request, answer: `${status} ${text}` })
  }

  #request(chance: Chance): Request {
    const operation = chance.pick(this.#operations)
    const caller = chance.pick(this.#callers)
    const spoilt = chance.next() < 0.7
    const at = spoilt ? chance.pick(['body', 'body', 'path', 'query'] as const) : undefined
    const query = new URLSearchParams()
    let path = operation.path
    for (const { name, in: place, required, schema } of operation.parameters) {
      const value = String(asText(at === place ? oddities(chance) : this.#values.fitting(chance, schema)))
      if (place === 'path') path = path.replace(`{${name}}`, encode(value))
      if (place === 'query' && (required || chance.next() < 0.4)) query.append(name, value.toWellFormed())
    }
    if (at === 'query' && chance.next() < 0.3)
      query.append(chance.pick(['limit', 'startingAfter', 'email', 'x\0']), '\0')
    const { body, headers } = this.#body(chance, operation, at === 'body')
    const search = query.size > 0 ? `?${query}` : ''
    return {
      method: operation.method,
      path: `${path}${search}`,
      caller,
      headers: { ...this.#credentials[caller], ...headers },
      body,
    }
  }

  #body(chance: Chance, { body }: Operation, spoilt: boolean) {
    if (!body) return { body: undefined, headers: {} }
    const value = this.#values.fitting(chance, body.schema)
    const json = toBody(spoilt ? spoil(chance, value) : value)
    const torn = spoilt && chance.next() < 0.05 ? json.slice(0, Math.floor(chance.between(0, json.length))) : json
    const polluted = spoilt && chance.next() < 0.05 ? torn.replace('{', '{"__proto__":{"admin":true},') : torn
    const key = chance.next() < 0.1 ? { 'idempotency-key': `k${Math.floor(chance.between(0, 20))}` } : {}
    return { body: polluted, headers: { 'content-type': body.type, ...key } }
  }

  /** Signed as its provider signs, of any form. */
  #webhook(chance: Chance): Request {
    const sender = chance.pick(senders as unknown as ['stripe', ...(typeof senders)[number][]])
    const object = {
      id: `pi_${Math.floor(chance.between(0, 50))}`,
      object: 'payment_intent',
      status: 'succeeded',
      metadata: {},
    }
    const usual: Record<(typeof senders)[number], Json> = {
      stripe: {
        id: `evt_${chance.next()}`,
        type: 'payment_intent.succeeded',
        created: 1,
        livemode: false,
        data: { object },
      },
      bonum: { type: 'PAYMENT', status: 'SUCCESS', body: { transactionId: 'x', invoiceId: 'y', amount: 1 } },
      easypost: { id: `evt_${chance.next()}`, description: 'tracker.updated', result: { status: 'in_transit' } },
      printful: { type: 'package_shipped', created: 1, data: { order: { id: 1 }, shipment: { id: 1 } } },
    }
    let value = usual[sender]
    for (let times = Math.floor(chance.between(0, 4)); times > 0; times -= 1) value = spoil(chance, value)
    const body = toBody(value)
    return { method: 'POST', path: `/webhooks/${sender}`, caller: sender, headers: signatureOf(sender, body), body }
  }

  /** Keeps ids out of answers for later requests. */
  #learn(text: string): void {
    for (const [, id] of text.slice(0, 20_000).matchAll(/"(?:\w*[iI]d|slug)":"([\w.-]{3,64})"/g)) {
      if (id && !this.#known.includes(id)) this.#known.push(id)
    }
    if (this.#known.length > knownIds) this.#known.splice(3, this.#known.length - knownIds)
  }
}

type Document = {
  paths: Record<
    string,
    Record<string, { parameters?: Parameter[]; requestBody?: { content: Record<string, { schema?: Schema }> } }>
  >
  components?: { schemas?: Record<string, Schema> }
}

const operationsOf = ({ paths }: Document): Operation[] =>
  Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { parameters = [], requestBody }]): Operation => {
      const [type, content] = Object.entries(requestBody?.content ?? {})[0] ?? []
      const body = type === undefined ? undefined : { type, schema: content?.schema }
      return { method: method.toUpperCase(), path, parameters, body }
    }),
  )

const asText = (value: Json): string => (typeof value === 'object' ? JSON.stringify(value) : String(value))

/** A path part as a client could send it; half a surrogate pair has no bytes. */
const encode = (text: string): string => encodeURIComponent(text.toWellFormed().slice(0, 800)) || 'x'

function isError(text: string): boolean {
  try {
    const body = JSON.parse(text) as { errors?: unknown; error?: unknown; success?: unknown }
    return Array.isArray(body.errors) || (body.success === false && typeof body.error === 'object')
  } catch {
    return false
  }
}

function signatureOf(sender: (typeof senders)[number], body: string): Record<string, string> {
  const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest('hex')
  const now = Math.floor(Date.now() / 1_000)
  switch (sender) {
    case 'stripe':
      return { 'stripe-signature': `t=${now},v1=${hmac(keys.stripeWebhook, `${now}.${body}`)}` }
    case 'bonum':
      return { 'x-checksum-v2': hmac(keys.bonumChecksum, body) }
    case 'easypost':
      return { 'x-hmac-signature': `hmac-sha256-hex=${hmac(keys.easypostWebhook, body)}` }
    case 'printful':
      return { 'x-pf-webhook-signature': hmac(Buffer.from(keys.printfulWebhook, 'hex'), body) }
  }
}
