import type { Answer, Reply } from './http.ts'
import { seededRandom } from './ids.ts'

/**
 * A misfortune for the requests of one operation. `after` lets the request take effect first: a `status` fault then
 * hides a success behind an error, a `slow` one lets the webhooks overtake the answer.
 */
export type Fault = {
  id: number
  provider: string
  operation: string
  kind: 'slow' | 'status' | 'drop_before' | 'drop_after' | 'html' | 'truncated'
  after: boolean
  status: number
  delayMs: number
  timesLeft: number
  rate: number
  fired: number
}

const faultKinds: readonly string[] = ['slow', 'status', 'drop_before', 'drop_after', 'html', 'truncated']

/** The misfortunes waiting to happen. */
export class Faults {
  #list: (Fault & { chance: () => number })[] = []
  #nextId = 1

  /** Adds a fault from a control request; returns it, or a sentence saying what is wrong with it. */
  add(wish: Record<string, unknown>): Fault | string {
    const kind = String(wish.kind)
    if (!faultKinds.includes(kind)) return `kind must be one of ${faultKinds.join(', ')}`
    const rate = typeof wish.rate === 'number' ? wish.rate : 1
    const fault: Fault = {
      id: this.#nextId++,
      provider: String(wish.provider ?? '*'),
      operation: String(wish.operation ?? '*'),
      kind: kind as Fault['kind'],
      after: wish.after === true || kind === 'drop_after',
      status: typeof wish.status === 'number' ? wish.status : 500,
      delayMs: typeof wish.delayMs === 'number' ? wish.delayMs : 1_000,
      timesLeft: typeof wish.times === 'number' ? wish.times : rate < 1 ? Number.POSITIVE_INFINITY : 1,
      rate,
      fired: 0,
    }
    this.#list.push({ ...fault, chance: seededRandom(typeof wish.seed === 'number' ? wish.seed : 1) })
    return fault
  }

  /** The fault that strikes this request, if any; taking it uses it up. */
  take(provider: string, operation: string): Fault | undefined {
    for (const fault of this.#list) {
      if (fault.timesLeft <= 0) continue
      if (fault.provider !== '*' && fault.provider !== provider) continue
      if (fault.operation !== '*' && fault.operation !== operation) continue
      if (fault.rate < 1 && fault.chance() >= fault.rate) continue
      fault.timesLeft -= 1
      fault.fired += 1
      return fault
    }
    return undefined
  }

  /** All faults, the used-up ones included; an unlimited one shows `timesLeft: null`. */
  list(): unknown[] {
    return this.#list.map(({ chance: _, ...fault }) => ({
      ...fault,
      timesLeft: Number.isFinite(fault.timesLeft) ? fault.timesLeft : null,
    }))
  }

  /** Ends one before it is used up. */
  remove(id: number): void {
    this.#list = this.#list.filter((fault) => fault.id !== id)
  }

  clear(): void {
    this.#list = []
  }
}

const wait = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))

/**
 * Carries out a request under the fault that strikes it. `refuse` makes the provider's own error body for a status;
 * without a fault nothing is awaited and the answer is returned as it is.
 */
export function underFault(
  fault: Fault | undefined,
  execute: () => Answer,
  refuse: (status: number) => Answer,
): Reply | Promise<Reply> {
  if (!fault) return execute()
  switch (fault.kind) {
    case 'slow':
      return slowly(fault, execute)
    case 'drop_before':
      return 'drop'
    case 'drop_after':
      execute()
      return 'drop'
    case 'truncated':
      return cutInHalf(execute())
    case 'html':
      if (fault.after) execute()
      return badGateway
    case 'status':
      if (fault.after) execute()
      return refuse(fault.status)
  }
}

const badGateway: Answer = {
  status: 502,
  body: '<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>',
  headers: { 'content-type': 'text/html' },
}

async function slowly(fault: Fault, execute: () => Answer): Promise<Reply> {
  const answer = fault.after ? execute() : undefined
  await wait(fault.delayMs)
  return answer ?? execute()
}

function cutInHalf(answer: Answer): Answer {
  return { ...answer, body: answer.body.slice(0, answer.body.length / 2) }
}
