import { createBullBoard } from '@bull-board/api'
import { BullMQAdapter } from '@bull-board/api/bullMQAdapter'
import { HonoAdapter } from '@bull-board/hono'
import { serveStatic } from '@hono/node-server/serve-static'
import type { Queue } from 'bullmq'
import { Hono } from 'hono'
import type { QueueName } from './catalog.ts'

/** Bull Board under `basePath`, as a request handler. What fails inside is thrown to the caller. */
export type Board = { fetch(request: Request): Promise<Response> }

/** The same queues on two boards: one refuses every change, the other is for operators who have confirmed that they mean it. */
export function createBoards(
  queues: Record<QueueName, Queue>,
  basePath: string,
): { readOnly: Board; writable: Board; contentSecurityPolicy: string } {
  return {
    readOnly: createBoard(queues, basePath, true),
    writable: createBoard(queues, basePath, false),
    contentSecurityPolicy,
  }
}

/** Bull Board sets styles on elements and colours job data in a worker; all of it comes from this server. */
const contentSecurityPolicy =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; " +
  "connect-src 'self'; worker-src 'self'; form-action 'none'; base-uri 'self'; frame-ancestors 'none'"

function createBoard(queues: Record<QueueName, Queue>, basePath: string, readOnlyMode: boolean): Board {
  const adapter = new HonoAdapter(serveStatic)
  adapter.setBasePath(basePath)
  createBullBoard({
    queues: Object.values(queues).map((queue) => new BullMQAdapter(queue, { readOnlyMode, allowRetries: true })),
    serverAdapter: adapter,
    options: {
      uiConfig: {
        boardTitle: 'Ordermill',
        miscLinks: [{ text: 'Operations', url: '/ops' }],
      },
    },
  })
  // Bull Board would answer with the raw message of an error and write it to the console; ours answers in our format.
  adapter.setErrorHandler(rethrow)
  const routes = adapter.registerPlugin()
  routes.onError(rethrow)
  const app = new Hono()
  app.onError(rethrow)
  app.route(basePath, routes)
  return { fetch: async (request) => withoutOutsideLinks(await app.fetch(request)) }
}

const rethrow = (error: Error): never => {
  throw error
}

/** Bull Board's page asks Google for fonts. An order engine's dashboard tells nobody who looks at it. */
async function withoutOutsideLinks(answer: Response): Promise<Response> {
  if (!answer.headers.get('content-type')?.startsWith('text/html')) return answer
  const page = await answer.text()
  return new Response(page.replaceAll(/<link\b[^>]*\bhref="(?:https?:)?\/\/[^>]*>/g, ''), answer)
}
