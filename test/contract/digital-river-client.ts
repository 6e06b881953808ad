import { expect } from 'vitest'
import { type Answer, storefront } from '../storefront.ts'
import type { System } from '../system.ts'
import { loadOracle } from './documents.ts'

/**
 * Statuses that the document does not list, and why we answer them. Their bodies are still errors as the document has them:
 * no answer departs from its shape.
 */
export const undocumented: Record<string, string> = {
  'POST /orders 404': 'R178: a consumed checkout, as the documentation beside the document says',
  'POST /checkouts/{id}/sources/{id} 409': 'a used or detached source, as the documentation beside the document says',
}

export type DigitalRiverClient = Awaited<ReturnType<typeof digitalRiverClient>>

/**
 * A client written for Digital River: it speaks the paths and shapes of their document and checks every exchange against it.
 * `call` returns the answer whatever its status, `must` the body of a successful one.
 */
export async function digitalRiverClient(system: Pick<System, 'url' | 'sandbox'>) {
  const shop = storefront(system)
  const contract = (await loadOracle()).openapi('digitalriver/2021-12-13.json')
  const errors = contract.schema('Errors')
  const exchanges = { count: 0 }

  const call = async (
    method: string,
    path: string,
    body?: unknown,
    options: { key?: string | null; headers?: Record<string, string>; unchecked?: boolean } = {},
  ): Promise<Answer> => {
    const [plain = path] = path.split('?')
    // Some requests are wrong on purpose; their answers are not.
    if (body !== undefined && !options.unchecked)
      expect(contract.request(method, plain, body), `request ${method} ${path}`).toEqual([])
    const answer = await shop.call(method, path, body, options)
    exchanges.count += 1
    const template = plain.replaceAll(/\/[^/]*\d[^/]*/g, '/{id}')
    const found = undocumented[`${method} ${template} ${answer.status}`]
      ? errors(answer.body)
      : contract.response(method, plain, answer.status, answer.body)
    expect(found, `answer ${method} ${path} ${answer.status} ${JSON.stringify(answer.body)?.slice(0, 2000)}`).toEqual(
      [],
    )
    return answer
  }
  return {
    call,
    exchanges,
    async must(method: string, path: string, body?: unknown, options?: { key?: string }): Promise<Answer['body']> {
      const answer = await call(method, path, body, options)
      if (answer.status >= 300)
        throw new Error(`${method} ${path} answered ${answer.status}: ${JSON.stringify(answer.body)}`)
      return answer.body
    },
  }
}
