import createClient, { type Client, type ClientPathsWithMethod, type MaybeOptionalInit } from 'openapi-fetch'
import type { components, paths } from './api.gen.ts'
import { OrdermillError } from './errors.ts'
import { retrying } from './retry.ts'

export { OrdermillError, OrdermillUnreachable, type Problem } from './errors.ts'

/** The resources by their names in the document, as in `Schemas['Order']`. */
export type Schemas = components['schemas']

export type OrdermillOptions = {
  /** Where Ordermill answers, as in `https://orders.example.com`. */
  baseUrl: string
  /** A secret key on a server, a publishable key in a browser. */
  key: string
  /** How often a request is sent again that may succeed yet; 3 unless told. */
  retries?: number
  /** The pause before the first repetition, in milliseconds; 250 unless told, doubled each time. */
  firstPauseMs?: number
  /** How long one attempt may take, in milliseconds; 30 000 unless told. */
  timeoutMs?: number
  /** Instead of the global `fetch`. */
  fetch?: (request: Request) => Promise<Response>
}

type Api = Client<paths, 'application/json'>
type Method = 'get' | 'post' | 'put' | 'patch' | 'delete'
type PathOf<M extends Method> = ClientPathsWithMethod<Api, M>
type InitOf<Path extends keyof paths, M extends Method> = MaybeOptionalInit<paths[Path], M & keyof paths[Path]>
/** The bodies of the successful answers of an operation; undefined where there is none. */
type BodyOf<Operation> = Operation extends { responses: infer Answers }
  ? { [Status in keyof Answers & (200 | 201 | 202 | 204)]: ContentOf<Answers[Status]> }[keyof Answers &
      (200 | 201 | 202 | 204)]
  : never
type ContentOf<Answer> = Answer extends { content: { 'application/json': infer Body } } ? Body : undefined

/** What a successful call gives. */
export type Answer<M extends Method, Path extends PathOf<M>> = BodyOf<paths[Path][M & keyof paths[Path]]>

/** The second parameter, which may be left out where nothing in it is required. */
type Rest<Init> = undefined extends Init ? [init?: Init] : [init: Init]
type Call<M extends Method> = <Path extends PathOf<M>>(
  path: Path,
  ...init: Rest<InitOf<Path, M>>
) => Promise<Answer<M, Path>>

type Page = { hasMore: boolean; data: readonly { id: string }[] }
/** Paths that answer page by page. */
export type ListPath = { [Path in PathOf<'get'>]: Answer<'get', Path> extends Page ? Path : never }[PathOf<'get'>]
type Item<Path extends ListPath> = Answer<'get', Path> extends { data: readonly (infer One)[] } ? One : never

export type Ordermill = {
  get: Call<'get'>
  /** Sent with an `Idempotency-Key` of its own, or that of `headers`. */
  post: Call<'post'>
  put: Call<'put'>
  patch: Call<'patch'>
  delete: Call<'delete'>
  /** Every item of a list, newest first: pages are asked for as they are needed. */
  list: <Path extends ListPath>(path: Path, ...init: Rest<InitOf<Path, 'get'>>) => AsyncGenerator<Item<Path>, void>
}

/**
 * Ordermill's API with the types of its document: each call gives the body of the answer.
 * @throws OrdermillError for every answer that is an error, OrdermillUnreachable when there was none
 */
export function createOrdermill(options: OrdermillOptions): Ordermill {
  const { baseUrl, key, retries = 3, firstPauseMs = 250, timeoutMs = 30_000, fetch = globalThis.fetch } = options
  const api = createClient<paths, 'application/json'>({
    baseUrl: baseUrl.replace(/\/+$/, ''),
    headers: { authorization: `Bearer ${key}` },
    fetch: retrying({ retries, firstPauseMs, timeoutMs, fetch: (request) => fetch(request) }),
  })
  // What the types of the paths promise to callers is no business of the sender: to it all calls are alike.
  const send = api.request as unknown as (method: Method, path: string, init?: object) => Promise<Sent>
  const call =
    (method: Method) =>
    async (path: string, init?: object): Promise<unknown> => {
      const { data, error, response } = await send(method, path, init)
      if (!response.ok)
        throw new OrdermillError(response.status, error, response.headers.get('x-request-id') ?? undefined)
      return data
    }
  const get = call('get')

  async function* list(path: string, init: ListInit = {}) {
    let startingAfter: string | undefined
    for (;;) {
      const query = { limit: 100, ...init.params?.query, ...(startingAfter === undefined ? {} : { startingAfter }) }
      const page = (await get(path, { ...init, params: { ...init.params, query } })) as Page
      yield* page.data
      startingAfter = page.data.at(-1)?.id
      if (!page.hasMore || startingAfter === undefined) return
    }
  }

  return {
    get,
    post: call('post'),
    put: call('put'),
    patch: call('patch'),
    delete: call('delete'),
    list,
  } as Ordermill
}

type Sent = { data?: unknown; error?: unknown; response: Response }
type ListInit = { params?: { query?: { startingAfter?: string } } }
