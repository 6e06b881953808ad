import { z } from 'zod'
import { originsSchema } from './origins.ts'
import { rateLimitsPattern, readRateLimits } from './rate-limits.ts'
import { readTrustedProxies, trustedProxiesSchema } from './trusted-proxies.ts'

/** Values that are printed in this repository and therefore protect nothing. Production refuses them. */
const publishedSecrets = new Set([
  'sk_test_demo',
  'pk_test_demo',
  'ordermill-demo',
  'whsec_sandbox',
  'easypost_sandbox',
  '7072696e7466756c5f73616e64626f78',
  'bonum_sandbox',
])

const blankToUndefined = (value: unknown) => (value === '' ? undefined : value)
const optional = <T extends z.ZodType>(schema: T) => z.preprocess(blankToUndefined, schema.optional())
const withDefault = <T extends z.ZodType>(schema: T, value: z.input<T>) =>
  z.preprocess((given) => (given === '' || given === undefined ? value : given), schema)
const text = z.string().min(1)
const count = (value: number) => withDefault(z.coerce.number().int().min(0), value)
const score = (value: number) => withDefault(z.coerce.number().min(0).max(1), value)
const commaList = z.string().transform((list) =>
  list
    .split(',')
    .map((entry) => entry.trim())
    .filter(Boolean),
)

const environment = z.object({
  NODE_ENV: withDefault(z.enum(['development', 'test', 'production']), 'development'),
  HOST: withDefault(text, '127.0.0.1'),
  PORT: count(3000),
  PUBLIC_URL: optional(z.url()),
  LOG_LEVEL: withDefault(z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']), 'info'),
  DATA_DIR: withDefault(text, '.ordermill'),
  DATABASE_URL: z.url(),
  DATABASE_POOL_SIZE: count(16),
  REDIS_URL: z.url(),
  QUEUE_PREFIX: withDefault(z.string().regex(/^[\w-]+$/), 'ordermill'),
  METRICS_TOKEN: optional(text),
  TRUSTED_PROXIES: withDefault(commaList.pipe(trustedProxiesSchema), 'loopback'),
  REQUEST_TIMEOUT_MS: withDefault(z.coerce.number().int().min(100), 30_000),
  RATE_LIMITS: withDefault(
    z.string().regex(rateLimitsPattern, 'use kind:count/time, as in carts:1000/1m,sources:50/10m'),
    '',
  ),
  WORKER_METRICS_PORT: optional(z.coerce.number().int().min(1).max(65_535)),

  BOOTSTRAP_SECRET_KEY: optional(text),
  BOOTSTRAP_PUBLISHABLE_KEY: optional(text),
  BOOTSTRAP_PUBLISHABLE_KEY_ORIGINS: optional(commaList.pipe(originsSchema)),
  BOOTSTRAP_ADMIN_EMAIL: optional(z.email()),
  BOOTSTRAP_ADMIN_PASSWORD: optional(z.string().min(10)),
  BOOTSTRAP_SELLER_EMAIL: optional(z.email()),
  BOOTSTRAP_SELLER_PASSWORD: optional(z.string().min(10)),

  PLATFORM_COMMISSION_BPS: count(100),
  PLATFORM_COMMISSION_FIXED: count(0),
  REFERRER_BPS: count(300),
  STRIPE_FEE_BPS: count(300),
  STRIPE_FEE_FIXED: count(0),
  BONUM_FEE_BPS: count(0),
  BONUM_FEE_FIXED: count(0),
  ORDER_PAYMENT_WINDOW_MINUTES: count(120),
  TAX_CALCULATOR: withDefault(z.enum(['table', 'stripe']), 'table'),
  CAPTURE_MARGIN_HOURS: count(24),
  FULFILMENT_TOLERANCE_BPS: count(1000),
  PUSH_PAYMENT_DAYS: withDefault(z.coerce.number().int().min(1).max(60), 3),

  DENIED_PERSONS_REVIEW_SCORE: score(0.85),
  DENIED_PERSONS_BLOCK_SCORE: score(0.95),
  VELOCITY_LIMITS: withDefault(
    z
      .string()
      .regex(
        /^(none|((email|fingerprint|ip):[1-9]\d*\/[1-9]\d*[smhd](,(?=\w)|$))+)$/,
        'use kind:orders/time, as in email:5/1h,ip:20/1d',
      ),
    'email:50/1h,fingerprint:50/1h,ip:200/1h',
  ),

  STRIPE_SECRET_KEY: optional(text),
  STRIPE_PUBLISHABLE_KEY: optional(text),
  STRIPE_WEBHOOK_SECRET: optional(commaList),
  STRIPE_API_BASE: withDefault(z.url(), 'https://api.stripe.com'),
  EASYPOST_API_KEY: optional(text),
  EASYPOST_WEBHOOK_SECRET: optional(commaList),
  EASYPOST_API_BASE: withDefault(z.url(), 'https://api.easypost.com/v2'),
  PRINTFUL_API_KEY: optional(text),
  PRINTFUL_WEBHOOK_SECRET: optional(commaList),
  PRINTFUL_STORE_ID: optional(text),
  PRINTFUL_API_BASE: withDefault(z.url(), 'https://api.printful.com'),
  BONUM_APP_SECRET: optional(text),
  BONUM_TERMINAL_ID: optional(text),
  BONUM_CHECKSUM_KEY: optional(commaList),
  BONUM_API_BASE: withDefault(z.url(), 'https://apis.bonum.mn'),
  VIES_API_BASE: withDefault(z.url(), 'https://ec.europa.eu/taxation_customs/vies/rest-api'),
  SANDBOX_URL: optional(z.url()),

  S3_ENDPOINT: optional(z.url()),
  S3_REGION: withDefault(text, 'us-east-1'),
  S3_BUCKET: optional(text),
  S3_ACCESS_KEY_ID: optional(text),
  S3_SECRET_ACCESS_KEY: optional(text),
  S3_FORCE_PATH_STYLE: withDefault(z.stringbool(), 'true'),
  UPLOAD_MAX_BYTES: withDefault(z.coerce.number().int().min(1), 2 * 1024 ** 3),
  DOWNLOAD_URL_SECONDS: withDefault(z.coerce.number().int().min(1).max(600), 300),
  SIGNING_SECRET: optional(z.string().min(32)),

  INVOICES_FOR_CARTS: withDefault(z.stringbool(), 'false'),

  WEBHOOKS_ALLOW_PRIVATE: optional(z.stringbool()),

  SMTP_URL: optional(z.url()),
  MAIL_FROM: withDefault(text, 'Ordermill <no-reply@localhost>'),
  MAILS_FOR_CARTS: withDefault(z.stringbool(), 'false'),

  TASK_LEASE_SECONDS: count(20),
  RELAY_INTERVAL_MS: count(1000),
  WORKER_CONCURRENCY: count(16),
  WORKER_LOCK_MS: count(30_000),
  PROVIDER_TIMEOUT_MS: count(20_000),
  PROVIDER_PAUSE_MS: count(30_000),
  RETRY_DELAY_FACTOR: withDefault(z.coerce.number().min(0), 1),
})

/** Thrown with one readable sentence per problem; entry points print it and exit 1. */
export class ConfigError extends Error {}

type Environment = z.infer<typeof environment>

/** What strangers must not guess: these are ours to choose, so they are long. Providers' own keys are as they are given. */
const ownSecrets = [
  'METRICS_TOKEN',
  'SIGNING_SECRET',
  'BOOTSTRAP_SECRET_KEY',
  'BOOTSTRAP_PUBLISHABLE_KEY',
  'STRIPE_WEBHOOK_SECRET',
  'EASYPOST_WEBHOOK_SECRET',
  'PRINTFUL_WEBHOOK_SECRET',
  'BONUM_CHECKSUM_KEY',
] as const satisfies (keyof Environment)[]

const isGuessable = (secret: string): boolean => secret.length < 16 || new Set(secret).size < 8

/** Everything that makes a configuration unfit for real money. */
function problemsInProduction(e: Environment): string[] {
  const problems = Object.entries(e).flatMap(([name, value]) =>
    [value].flat().some((entry) => typeof entry === 'string' && publishedSecrets.has(entry))
      ? [`${name}: is a published demo value and may not be used in production`]
      : [],
  )
  for (const name of ownSecrets) {
    if ([e[name] ?? []].flat().some(isGuessable))
      problems.push(`${name}: can be guessed; use 16 characters at least, and different ones`)
  }
  if (!e.PUBLIC_URL) problems.push('PUBLIC_URL: required in production')
  if (e.PUBLIC_URL && !isPrivateChannel(e.PUBLIC_URL)) problems.push('PUBLIC_URL: must be https in production')
  if (!e.METRICS_TOKEN) problems.push('METRICS_TOKEN: required in production')
  if (e.WEBHOOKS_ALLOW_PRIVATE) problems.push('WEBHOOKS_ALLOW_PRIVATE: may not be set in production')
  if (!e.SIGNING_SECRET) problems.push('SIGNING_SECRET: required in production')
  // Without it nobody is told that a buyer has paid.
  if (e.STRIPE_SECRET_KEY && !e.STRIPE_WEBHOOK_SECRET?.length)
    problems.push('STRIPE_WEBHOOK_SECRET: required with STRIPE_SECRET_KEY in production')
  if (e.BONUM_APP_SECRET && !e.BONUM_CHECKSUM_KEY?.length)
    problems.push('BONUM_CHECKSUM_KEY: required with BONUM_APP_SECRET in production')
  return problems
}

/** What stays on this machine is read by nobody on the way, so a trial on loopback needs no certificate. */
function isPrivateChannel(publicUrl: string): boolean {
  const { protocol, hostname } = new URL(publicUrl)
  return protocol === 'https:' || (protocol === 'http:' && /^(localhost|127(\.\d+){3}|\[::1\])$/.test(hostname))
}

/**
 * Reads the whole configuration once, from an environment such as `process.env`.
 * Nothing else in the application reads `process.env`. In production nothing well-known is accepted.
 * Amounts are minor units, rates basis points, times in the unit their name ends with.
 * @throws ConfigError naming every variable that is missing or wrong.
 */
export function readConfig(env: Record<string, string | undefined>) {
  const parsed = environment.safeParse(env)
  if (!parsed.success) {
    throw new ConfigError(parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('\n'))
  }
  const e = parsed.data
  const production = e.NODE_ENV === 'production'
  if (e.S3_BUCKET && !(e.S3_ACCESS_KEY_ID && e.S3_SECRET_ACCESS_KEY)) {
    throw new ConfigError('S3_ACCESS_KEY_ID, S3_SECRET_ACCESS_KEY: required with S3_BUCKET')
  }
  if (production) {
    const problems = problemsInProduction(e)
    if (problems.length > 0) throw new ConfigError(problems.join('\n'))
  }
  return {
    production,
    host: e.HOST,
    port: e.PORT,
    publicUrl: e.PUBLIC_URL ?? `http://${e.HOST}:${e.PORT}`,
    logLevel: e.LOG_LEVEL,
    dataDir: e.DATA_DIR,
    databaseUrl: e.DATABASE_URL,
    databasePoolSize: e.DATABASE_POOL_SIZE,
    redisUrl: e.REDIS_URL,
    queuePrefix: e.QUEUE_PREFIX,
    metricsToken: e.METRICS_TOKEN,
    /** How long a request that is no upload may take to arrive. */
    requestTimeoutMs: e.REQUEST_TIMEOUT_MS,
    trustedProxies: readTrustedProxies(e.TRUSTED_PROXIES),
    rateLimits: readRateLimits(e.RATE_LIMITS),
    workerMetricsPort: e.WORKER_METRICS_PORT,
    bootstrap: {
      secretKey: e.BOOTSTRAP_SECRET_KEY,
      publishableKey: e.BOOTSTRAP_PUBLISHABLE_KEY,
      publishableKeyOrigins: e.BOOTSTRAP_PUBLISHABLE_KEY_ORIGINS,
      adminEmail: e.BOOTSTRAP_ADMIN_EMAIL,
      adminPassword: e.BOOTSTRAP_ADMIN_PASSWORD,
      sellerEmail: e.BOOTSTRAP_SELLER_EMAIL,
      sellerPassword: e.BOOTSTRAP_SELLER_PASSWORD,
    },
    rates: {
      commissionBps: e.PLATFORM_COMMISSION_BPS,
      commissionFixed: e.PLATFORM_COMMISSION_FIXED,
      referrerBps: e.REFERRER_BPS,
      providerFees: {
        stripe: { bps: e.STRIPE_FEE_BPS, fixed: e.STRIPE_FEE_FIXED },
        bonum: { bps: e.BONUM_FEE_BPS, fixed: e.BONUM_FEE_FIXED },
      },
    },
    paymentWindowMinutes: e.ORDER_PAYMENT_WINDOW_MINUTES,
    /** How long a buyer has to send money to a voucher or an account. */
    pushPaymentDays: e.PUSH_PAYMENT_DAYS,
    /** How long before an authorization lapses what was fulfilled is captured, and a person is warned of the rest. */
    captureMarginHours: e.CAPTURE_MARGIN_HOURS,
    fulfilmentToleranceBps: e.FULFILMENT_TOLERANCE_BPS,
    /** How alike a buyer and a listed person are, 0 to 1, before a person decides, and before there is no order. */
    deniedPersons: { reviewScore: e.DENIED_PERSONS_REVIEW_SCORE, blockScore: e.DENIED_PERSONS_BLOCK_SCORE },
    velocityLimits: e.VELOCITY_LIMITS,
    stripe: e.STRIPE_SECRET_KEY
      ? {
          secretKey: e.STRIPE_SECRET_KEY,
          publishableKey: e.STRIPE_PUBLISHABLE_KEY,
          webhookSecrets: e.STRIPE_WEBHOOK_SECRET ?? [],
          apiBase: e.STRIPE_API_BASE,
          liveMode: /^(sk|rk)_live_/.test(e.STRIPE_SECRET_KEY),
        }
      : undefined,
    easypost: e.EASYPOST_API_KEY
      ? {
          apiKey: e.EASYPOST_API_KEY,
          webhookSecrets: e.EASYPOST_WEBHOOK_SECRET ?? [],
          apiBase: e.EASYPOST_API_BASE,
        }
      : undefined,
    printful: e.PRINTFUL_API_KEY
      ? {
          apiKey: e.PRINTFUL_API_KEY,
          storeId: e.PRINTFUL_STORE_ID,
          webhookSecrets: e.PRINTFUL_WEBHOOK_SECRET ?? [],
          apiBase: e.PRINTFUL_API_BASE,
        }
      : undefined,
    bonum:
      e.BONUM_APP_SECRET && e.BONUM_TERMINAL_ID
        ? {
            appSecret: e.BONUM_APP_SECRET,
            terminalId: e.BONUM_TERMINAL_ID,
            checksumKeys: e.BONUM_CHECKSUM_KEY ?? [],
            apiBase: e.BONUM_API_BASE,
          }
        : undefined,
    /** `table`: the rates kept in our own database. `stripe`: Stripe Tax. */
    taxCalculator: e.TAX_CALCULATOR,
    viesApiBase: e.VIES_API_BASE,
    sandboxUrl: e.SANDBOX_URL,
    /** Where merchants may have their events sent. */
    webhooks: { allowHttp: !production, allowPrivate: e.WEBHOOKS_ALLOW_PRIVATE ?? !production },
    /** `forCarts`: buyers of carts are mailed too when a payment failed or an order was cancelled. */
    mail: { smtpUrl: e.SMTP_URL, from: e.MAIL_FROM, forCarts: e.MAILS_FOR_CARTS },
    s3:
      e.S3_BUCKET && e.S3_ACCESS_KEY_ID && e.S3_SECRET_ACCESS_KEY
        ? {
            endpoint: e.S3_ENDPOINT,
            region: e.S3_REGION,
            bucket: e.S3_BUCKET,
            accessKeyId: e.S3_ACCESS_KEY_ID,
            secretAccessKey: e.S3_SECRET_ACCESS_KEY,
            forcePathStyle: e.S3_FORCE_PATH_STYLE,
          }
        : undefined,
    /** Invoices and credit memos for the orders of carts too, which have neither taxes nor a selling entity. */
    invoicesForCarts: e.INVOICES_FOR_CARTS,
    uploadMaxBytes: e.UPLOAD_MAX_BYTES,
    downloadUrlSeconds: e.DOWNLOAD_URL_SECONDS,
    /** Without one, outside production, the installation keeps a random one in its data folder. */
    signingSecret: e.SIGNING_SECRET,
    tasks: {
      leaseSeconds: e.TASK_LEASE_SECONDS,
      relayIntervalMs: e.RELAY_INTERVAL_MS,
      concurrency: e.WORKER_CONCURRENCY,
      lockMs: e.WORKER_LOCK_MS,
      retryDelayFactor: e.RETRY_DELAY_FACTOR,
    },
    providerTimeoutMs: e.PROVIDER_TIMEOUT_MS,
    providerPauseMs: e.PROVIDER_PAUSE_MS,
  }
}

export type Config = ReturnType<typeof readConfig>
