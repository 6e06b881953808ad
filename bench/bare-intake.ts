import { createHmac, timingSafeEqual } from 'node:crypto'
import { createServer, type IncomingMessage } from 'node:http'
import pg from 'pg'

// The floor of the intake of webhooks: what Node and Postgres do when a signature is verified and a row inserted, and nothing else.

const { DATABASE_URL, PORT, STRIPE_WEBHOOK_SECRET } = process.env
if (!DATABASE_URL || !PORT || !STRIPE_WEBHOOK_SECRET)
  throw new Error('DATABASE_URL, PORT and STRIPE_WEBHOOK_SECRET are needed')
const secret = STRIPE_WEBHOOK_SECRET

const pool = new pg.Pool({ connectionString: DATABASE_URL, max: 16, application_name: 'bench-bare-intake' })
await pool.query(
  'create table if not exists bare_intake (event_id text primary key, type text not null, body jsonb not null, received_at timestamptz not null default now())',
)

createServer((request, response) => {
  take(request).then(
    (status) => response.writeHead(status, { 'content-type': 'application/json' }).end('{"received":true}'),
    () => response.writeHead(500).end(),
  )
}).listen(Number(PORT), '127.0.0.1')

async function take(request: IncomingMessage): Promise<number> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  const body = Buffer.concat(chunks).toString('utf8')
  if (!isSigned(body, String(request.headers['stripe-signature'] ?? ''))) return 400
  const event = JSON.parse(body) as { id: string; type: string }
  await pool.query({
    name: 'insert',
    text: 'insert into bare_intake (event_id, type, body) values ($1, $2, $3) on conflict do nothing',
    values: [event.id, event.type, body],
  })
  return 200
}

function isSigned(body: string, header: string): boolean {
  const given = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(header)
  if (!given) return false
  const expected = createHmac('sha256', secret).update(`${given[1]}.${body}`).digest()
  return timingSafeEqual(expected, Buffer.from(given[2] ?? '', 'hex'))
}
