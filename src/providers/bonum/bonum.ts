import { createHmac, timingSafeEqual } from 'node:crypto'
import { z } from 'zod'
import { callJson } from '../../platform/call-json.ts'
import { ApiError } from '../../platform/errors.ts'
import { isCurrency, toMajor, toMinor } from '../../platform/money.ts'
import { ProviderError } from '../../platform/provider-error.ts'
import { readSignedJson } from '../../platform/signed-json.ts'
import type { Observation, ProviderEvent } from '../observations.ts'
import type { Intent, IntentRequest, PaymentAdapter } from '../provider.ts'
import type { ProviderConnection } from '../provider-entry.ts'
import { type NewToken, ownTokens, type SharedTokens } from '../shared-tokens.ts'

/** Its invoices know no other. */
const onlyCurrency = 'MNT'

const id = z.string().min(1).max(64)

const webhookSchema = z.looseObject({
  type: z.string().min(1).max(64),
  status: z.string().min(1).max(64),
  body: z.looseObject({
    transactionId: id.optional(),
    invoiceId: id.optional(),
    amount: z.number().optional(),
    currency: z.string().max(10).optional(),
  }),
})

type PaymentBody = z.infer<typeof webhookSchema>['body']

type BonumSettings = { appSecret: string; terminalId: string; checksumKeys: readonly string[]; apiBase: string }

/** What every call to Bonum needs. */
type Connection = { settings: BonumSettings } & ProviderConnection

/**
 * Bonum (Mongolia): a hosted payment page that settles to the merchants outside the platform.
 * It has neither idempotency keys nor a status call in production, so the webhook is the only truth.
 */
export function createBonumProvider(settings: BonumSettings, connected: ProviderConnection): PaymentAdapter {
  const connection = { settings, ...connected }
  const tokens = connected.tokens ?? ownTokens()
  return {
    settlement: 'off_platform',
    currencies: [onlyCurrency],
    verifiesWebhooks: settings.checksumKeys.length > 0,
    createIntent: (request) => withToken(connection, tokens, (token) => createInvoice(connection, token, request)),
    retrieve: async () => undefined,
    // An unpaid invoice ends by itself when its time is over; a payment that still comes is late money (I7).
    cancel: async (_reference, { currency }) => ({
      kind: 'charge',
      state: 'cancelled',
      awaitingBuyer: false,
      currency,
    }),
    capture: async () => {
      throw new ProviderError('bonum', 'refused', 'capture_not_supported')
    },
    readWebhook: async (rawBody, headers) => readBonumWebhook(settings, rawBody, headers),
    observe: observeBonum,
  }
}

/** Makes a call with the terminal's token; once more with a new one where Bonum does not take that token any more. */
async function withToken<T>(
  connection: Connection,
  tokens: SharedTokens,
  call: (accessToken: string) => Promise<T>,
): Promise<T> {
  const name = `bonum ${connection.settings.terminalId}`
  const get = () => tokens.get(name, (refreshToken) => askForToken(connection, refreshToken))
  const token = await get()
  try {
    return await call(token)
  } catch (error) {
    if (!(error instanceof ProviderError) || error.code !== notTaken) throw error
    await tokens.forget(name, token)
    return call(await get())
  }
}

const notTaken = 'http_401'

/** One token serves every call of a terminal for 30 minutes; Bonum answers 429 to those who ask more often, and refreshes one that ends. */
async function askForToken(connection: Connection, refreshToken: string | undefined): Promise<NewToken> {
  const { appSecret, terminalId } = connection.settings
  const create = () =>
    callAuth(connection, 'create', { authorization: `AppSecret ${appSecret}`, 'x-terminal-id': terminalId })
  if (refreshToken === undefined) return create()
  return callAuth(connection, 'refresh', { authorization: `Bearer ${refreshToken}` }).catch((error: unknown) => {
    if (error instanceof ProviderError && error.code === notTaken) return create()
    throw error
  })
}

async function callAuth(
  { settings, timeoutMs, breaker }: Connection,
  path: 'create' | 'refresh',
  headers: Record<string, string>,
): Promise<NewToken> {
  const { status, data } = await callJson({
    provider: 'bonum',
    method: 'GET',
    url: `${settings.apiBase}/bonum-gateway/ecommerce/auth/${path}`,
    headers,
    timeoutMs,
    breaker,
  })
  const answer = tokenSchema.safeParse(data)
  if (status !== 200 || !answer.success) throw new ProviderError('bonum', 'unavailable', `auth_${status}`)
  const { accessToken, expiresIn, refreshToken, refreshExpiresIn } = answer.data
  return { accessToken, validSeconds: expiresIn, refreshToken, refreshSeconds: refreshExpiresIn }
}

const tokenSchema = z.looseObject({
  accessToken: z.string().min(1),
  expiresIn: z.number().positive().default(1_800),
  refreshToken: z.string().min(1).optional(),
  refreshExpiresIn: z.number().positive().optional(),
})

async function createInvoice(
  { settings, timeoutMs, breaker }: Connection,
  accessToken: string,
  request: IntentRequest,
): Promise<Intent> {
  const { status, data } = await callJson({
    provider: 'bonum',
    method: 'POST',
    url: `${settings.apiBase}/bonum-gateway/ecommerce/invoices`,
    headers: { authorization: `Bearer ${accessToken}` },
    body: {
      amount: toMajor(request.amount, request.currency),
      callback: request.returnUrl,
      transactionId: request.chargeId,
      expiresIn: request.expiresInSeconds,
    },
    timeoutMs,
    breaker,
  })
  const { invoiceId, followUpLink } = data as { invoiceId?: string; followUpLink?: string }
  if (status >= 300 || !invoiceId || !followUpLink) throw new ProviderError('bonum', 'refused', `invoice_${status}`)
  return { reference: invoiceId, checkoutUrl: followUpLink }
}

/** Verifies the checksum over the raw body and reads the event. @throws ApiError `invalid_signature` */
function readBonumWebhook(settings: BonumSettings, rawBody: string, headers: Headers): ProviderEvent {
  const given = headers.get('x-checksum-v2')?.toLowerCase() ?? ''
  if (!settings.checksumKeys.some((key) => isSignedBy(key, rawBody, given))) throw new ApiError('invalid_signature')
  const event = readSignedJson(rawBody, webhookSchema)
  const { transactionId, invoiceId } = event.body
  return {
    // Bonum sends no event id: one invoice reports each status once, and a payment may have two of them.
    eventId: [event.type, transactionId ?? 'unknown', invoiceId ?? 'unknown', event.status].join('-'),
    account: '',
    type: `${event.type}.${event.status}`,
    reference: invoiceId,
    chargeId: transactionId,
    occurredAt: undefined,
    body: event.body,
    liveMode: true,
    relevant: event.type === 'PAYMENT',
    echo: false,
  }
}

function observeBonum({ type, body }: Parameters<PaymentAdapter['observe']>[0]): Observation {
  const { amount, currency = onlyCurrency } = body as PaymentBody
  const payment = { kind: 'charge', awaitingBuyer: false, currency } as const
  if (type === 'PAYMENT.SUCCESS') {
    const captured = isCurrency(currency) ? toMinor(Number(amount), currency) : undefined
    return { ...payment, state: 'complete', capturedAmount: captured }
  }
  if (type === 'PAYMENT.FAILED') return { ...payment, state: 'failed', failureCode: 'expired' }
  return { kind: 'nothing' }
}

/** Bonum signs its own compact serialisation: the raw bytes are tried first, then the same text without white space. */
function isSignedBy(key: string, rawBody: string, given: string): boolean {
  const signs = (text: string) => {
    const expected = Buffer.from(createHmac('sha256', key).update(text).digest('hex'))
    const candidate = Buffer.from(given)
    return expected.length === candidate.length && timingSafeEqual(expected, candidate)
  }
  return signs(rawBody) || signs(compactJson(rawBody))
}

/**
 * JSON without the white space between its tokens, in one pass: what comes here is not verified yet, and a regular expression that knows
 * strings takes seconds for a body made of quotation marks.
 */
function compactJson(json: string): string {
  let compact = ''
  let from = 0
  let inString = false
  for (let at = 0; at < json.length; at += 1) {
    const character = json[at]
    if (inString) {
      if (character === '\\') at += 1
      else if (character === '"') inString = false
    } else if (character === '"') {
      inString = true
    } else if (character === ' ' || character === '\n' || character === '\r' || character === '\t') {
      compact += json.slice(from, at)
      from = at + 1
    }
  }
  return compact + json.slice(from)
}
