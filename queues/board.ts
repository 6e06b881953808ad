import { createBullBoard } from '@bull-board/api'
import { BullMQAdapter } from '@bull-board/api/bullMQAdapter'
import { HonoAdapter } from '@bull-board/hono'
import { serveStatic } from '@hono/node-server/serve-static'
import type { Queue } from 'bullmq'
import { Hono } from 'hono'
import type { Rung, RungTask } from './bell.ts'
import { catalog, type QueueName, queueNames } from './catalog.ts'

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
    queues: queueNames.map((name) => queueOf(queues[name], name, readOnlyMode)),
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

/** A queue as its list shows it: what it holds, and each job with the order it is for. */
function queueOf(queue: Queue, name: QueueName, readOnlyMode: boolean): BullMQAdapter {
  const adapter = new BullMQAdapter(queue, {
    readOnlyMode,
    allowRetries: true,
    description: jobsOf(name).join(', '),
    externalJobUrl: ({ data }) => orderLink(data),
  })
  adapter.setFormatter('name', ({ name: job, data }: { name: string; data: Rung }) => `${job} · ${subjectOf(data)}`)
  return adapter
}

const jobsOf = (name: QueueName) => Object.entries(catalog).flatMap(([job, { queue }]) => (queue === name ? [job] : []))

const payloadOf = ({ payload }: RungTask) => (payload ?? {}) as Record<string, string>

/** The order, or the one thing that a task without an order is about. */
function subjectOf(data: Rung): string {
  if ('tasks' in data) return `${data.tasks.length} tasks`
  const payload = payloadOf(data)
  return payload.orderId ?? Object.values(payload)[0] ?? data.taskId
}

function orderLink(data: Rung): { displayText: string; href: string } {
  const orderId = 'tasks' in data ? undefined : payloadOf(data).orderId
  return orderId
    ? { displayText: 'Order', href: `/ops/orders/${encodeURIComponent(orderId)}` }
    : { displayText: 'Operations', href: '/ops' }
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
