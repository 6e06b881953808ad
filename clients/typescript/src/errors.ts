import type { components } from './api.gen.ts'

type ErrorBody = components['schemas']['Error']

/** What is wrong: `code` never changes its meaning, `message` may be shown to a buyer, `parameter` is named where one is meant. */
export type Problem = ErrorBody['errors'][number]

/** Ordermill answered that it did not do what it was asked. The message is the first problem's sentence. */
export class OrdermillError extends Error {
  override readonly name = 'OrdermillError'
  readonly status: number
  /** The kind of error, such as `conflict`; `unexpected` when the answer was not Ordermill's, but a proxy's. */
  readonly type: string
  readonly code: string
  readonly parameter: string | undefined
  /** Everything that is wrong; the first is also the error's own. */
  readonly problems: readonly Problem[]
  /** Names the request in the logs of the installation. */
  readonly requestId: string | undefined

  constructor(status: number, body: unknown, requestId: string | undefined) {
    const { type, errors } = isErrorBody(body) ? body : unexpected(status)
    const [first] = errors
    super(first.message)
    this.status = status
    this.type = type
    this.code = first.code
    this.parameter = first.parameter
    this.problems = errors
    this.requestId = requestId
  }
}

/** Nobody answered, as often as it was tried; `cause` says why. What was asked may have been done: ask again with the same key. */
export class OrdermillUnreachable extends Error {
  override readonly name = 'OrdermillUnreachable'
  /** The `Idempotency-Key` that the request had. */
  readonly idempotencyKey: string | undefined

  constructor(request: Request, cause: unknown) {
    super(`${request.method} ${request.url} got no answer`, { cause })
    this.idempotencyKey = request.headers.get('idempotency-key') ?? undefined
  }
}

type Filled = { type: string; errors: readonly [Problem, ...Problem[]] }

const isErrorBody = (body: unknown): body is Filled => {
  const { type, errors } = (body ?? {}) as Partial<Filled>
  return typeof type === 'string' && Array.isArray(errors) && typeof errors[0]?.code === 'string'
}

const unexpected = (status: number): Filled => ({
  type: 'unexpected',
  errors: [{ code: `http_${status}`, message: `The answer has status ${status} and is not Ordermill's.` }],
})
