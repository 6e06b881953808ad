/** A provider that nobody has: what `docs/add-a-provider.md` asks for, by file. */
export const inventedFiles: Readonly<Record<string, string>> = {
  'src/providers/acme/acme.ts': `
import { createHmac } from 'node:crypto'
import { z } from 'zod'
import { callJson } from '../../platform/call-json.ts'
import { ApiError } from '../../platform/errors.ts'
import { ProviderError } from '../../platform/provider-error.ts'
import { readSignedJson } from '../../platform/signed-json.ts'
import type { PaymentAdapter } from '../provider.ts'
import type { ProviderConnection } from '../provider-entry.ts'

export type AcmeSettings = { key: string; webhookSecrets: readonly string[]; apiBase: string }

const webhookSchema = z.looseObject({ id: z.string(), type: z.string(), payment: z.string(), charge: z.string() })

export function createAcme({ key, webhookSecrets, apiBase }: AcmeSettings, connection: ProviderConnection): PaymentAdapter {
  return {
    settlement: 'off_platform',
    verifiesWebhooks: webhookSecrets.length > 0,
    async createIntent({ chargeId, amount, currency }) {
      const { status, data } = await callJson({
        provider: 'acme',
        method: 'POST',
        url: \`\${apiBase}/payments\`,
        headers: { authorization: \`Bearer \${key}\` },
        body: { amount, currency, charge: chargeId },
        ...connection,
      })
      const { id, page } = data as { id?: string; page?: string }
      if (status !== 200 || !id || !page) throw new ProviderError('acme', 'refused', \`payment_\${status}\`)
      return { reference: id, checkoutUrl: page }
    },
    retrieve: async () => undefined,
    cancel: async (_reference, { currency }) => ({ kind: 'charge', state: 'cancelled', awaitingBuyer: false, currency }),
    capture: async () => {
      throw new ProviderError('acme', 'refused', 'capture_not_supported')
    },
    async readWebhook(rawBody, headers) {
      const given = headers.get('acme-signature')
      const signs = (secret: string) => createHmac('sha256', secret).update(rawBody).digest('hex') === given
      if (!webhookSecrets.some(signs)) throw new ApiError('invalid_signature')
      const event = readSignedJson(rawBody, webhookSchema)
      return {
        eventId: event.id,
        account: '',
        type: event.type,
        reference: event.payment,
        chargeId: event.charge,
        occurredAt: undefined,
        body: event,
        liveMode: true,
        relevant: true,
        echo: false,
      }
    },
    observe: ({ type, body }) =>
      type === 'paid'
        ? { kind: 'charge', state: 'complete', awaitingBuyer: false, currency: String(body.currency) }
        : { kind: 'nothing' },
  }
}
`,
  'src/providers/acme/acme-entry.ts': `
import { z } from 'zod'
import { commaList, count, optional, text, withDefault } from '../../platform/variable-kinds.ts'
import type { ProviderEntry } from '../provider-entry.ts'
import { createAcme } from './acme.ts'

const acmeVariables = z.object({
  ACME_KEY: optional(text),
  ACME_WEBHOOK_SECRET: optional(commaList),
  ACME_API_BASE: withDefault(z.url(), 'https://api.acme.example'),
  ACME_FEE_BPS: count(250),
})

export const acme = {
  method: 'ACME',
  name: 'Acme',
  form: 'hosted',
  capabilities: {
    capture: 'none',
    refund: 'none',
    transfer: false,
    idempotencyKeys: false,
    lookUp: false,
    books: 'statements',
  },
  signatureHeader: 'acme-signature',
  variables: acmeVariables,
  key: 'ACME_KEY',
  webhookSecret: 'ACME_WEBHOOK_SECRET',
  sandboxSecret: 'acme_sandbox',
  sandbox: (url) => ({ ACME_KEY: 'acme_sandbox_key', ACME_API_BASE: \`\${url}/acme\` }),
  expectedFee: (variables) => ({ bps: acmeVariables.parse(variables).ACME_FEE_BPS, fixed: 0 }),
  create(variables, connection) {
    const { ACME_KEY: key, ACME_WEBHOOK_SECRET: webhookSecrets = [], ACME_API_BASE: apiBase } = acmeVariables.parse(variables)
    return key ? createAcme({ key, webhookSecrets, apiBase }, connection) : undefined
  },
} as const satisfies ProviderEntry
`,
  'sandbox/acme/emulator.ts': `
import { createHmac } from 'node:crypto'
import { control } from '../control-routes.ts'
import type { Emulator } from '../emulator.ts'
import { json } from '../http.ts'
import { jsonEndpoints } from '../json-provider.ts'
import { unixNow } from '../world.ts'

type Payment = { id: string; amount: number; currency: string; charge: string }

export const acme: Emulator = {
  kinds: ['payments'],
  secret: 'acme_sandbox',
  secretVariable: 'ACME_WEBHOOK_SECRET',
  sign: (secret, body) => ({ 'acme-signature': createHmac('sha256', secret).update(body).digest('hex') }),
  start(world) {
    const payments = world.store.table<Payment>('acme.payments')
    const refused = (status: number) => json({ error: 'refused' }, status)
    const endpoint = jsonEndpoints(world, 'acme', {
      prefix: '/acme',
      unauthorized: ({ headers }) => (headers.authorization ? undefined : refused(401)),
      trouble: refused,
    })
    const create = endpoint('POST', 'payments', 'payments.create', ({ body }) => {
      const id = world.mintId('acmepay')
      const charge = String(body.charge)
      payments.set(id, { id, amount: Number(body.amount), currency: String(body.currency), charge })
      world.books.record('acme', 'payments', { id, orderId: null, idempotencyKey: null, countedBy: charge })
      return json({ id, page: \`\${world.baseUrl()}/acme/pay/\${id}\` })
    })
    const pay = control('POST', '/sandbox/acme/payments/:id/pay', ({ params }) => {
      const payment = payments.get(params.id ?? '')
      if (!payment) return refused(404)
      const id = world.mintId('acmeevt')
      const body = JSON.stringify({ ...payment, id, type: 'paid', payment: payment.id })
      world.webhooks.publish({ id, provider: 'acme', type: 'paid', createdUnix: unixNow(), body })
      return json(payment)
    })
    return { routes: [create, pay] }
  },
}
`,
}

/** Its line in each of the two lists: what it is written after. */
export const inventedLines: readonly { file: string; after: string; line: string }[] = [
  {
    file: 'src/providers/registry.ts',
    after: "import type { ProviderEntry } from './provider-entry.ts'\n",
    line: "import { acme } from './acme/acme-entry.ts'\n",
  },
  { file: 'src/providers/registry.ts', after: '  bonum,\n', line: '  acme,\n' },
  {
    file: 'sandbox/emulators.ts',
    after: "import type { Emulator } from './emulator.ts'\n",
    line: "import { acme } from './acme/emulator.ts'\n",
  },
  { file: 'sandbox/emulators.ts', after: '  bonum,\n', line: '  acme,\n' },
]

/**
 * A program for the folder that the provider was added to: starts the API and the sandbox as they are there, pays at the provider, and
 * prints what came of it.
 */
export const inventedRun = `
import { once } from 'node:events'
import { startSandbox } from './sandbox/server.ts'
import { createApi } from './src/api/app.ts'
import { createApiParts } from './src/api/connect-api.ts'
import { startServer } from './src/api/server.ts'
import { readConfigOrExit } from './src/boot/read-config-or-exit.ts'
import { sandboxSecrets, sandboxSettings } from './src/boot/services/sandbox-providers.ts'
import { providerOfMethod } from './src/providers/providers.ts'

const sandbox = await startSandbox()
Object.assign(process.env, sandboxSettings({}, sandbox.url))
const config = readConfigOrExit()
const parts = await createApiParts(config)
const server = startServer(createApi(parts), config, () => {})
await once(server, 'listening')
const api = 'http://127.0.0.1:' + server.address().port

const post = (url, body, headers = {}) =>
  fetch(url, { method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json', ...headers } })
const said = async (answer) => [answer.status, (await answer.json()).errors?.[0]?.code]
await post(sandbox.url + '/sandbox/webhooks', { target: api })

const provider = providerOfMethod(parts.providers, 'ACME')
const intent = await provider.createIntent({ chargeId: 'ch_1', amount: 500, currency: 'USD', splits: [] })
await post(sandbox.url + '/sandbox/acme/payments/' + intent.reference + '/pay', {})
const stored = () => parts.database.sql('select provider, type, reference from inbox_events')
const until = Date.now() + 10_000
while ((await stored()).length === 0 && Date.now() < until) await new Promise((resolve) => setTimeout(resolve, 50))
const forged = { 'acme-signature': 'forged' }
const document = await (await fetch(api + '/openapi.json')).text()
console.log(JSON.stringify({
  name: provider.name,
  expectedFee: provider.expectedFee,
  offered: document.includes('"TELR","ACME"'),
  secret: sandboxSecrets().ACME_WEBHOOK_SECRET,
  books: (await (await fetch(sandbox.url + '/sandbox/books?summary')).json()).acme.payments.count,
  reference: intent.reference,
  stored: await stored(),
  forged: await said(await post(api + '/webhooks/acme', {}, forged)),
  forgedForOrder: await said(await post(api + '/v2/orders/ord_1/confirm-payment', {}, forged)),
}))
process.exit(0)
`
