import { type Environment, environment } from './environment.ts'
import { problemsInProduction } from './production-problems.ts'
import type { ProviderVariables, Variables } from './provider-variables.ts'
import { readRateLimits } from './rate-limits.ts'
import { readTrustedProxies } from './trusted-proxies.ts'

/** Thrown with one readable sentence per problem; entry points print it and exit 1. */
export class ConfigError extends Error {}

/**
 * Reads the whole configuration once, from an environment such as `process.env`, and checks with it what payment providers read of it
 * themselves. Nothing else in the application reads `process.env`. In production nothing well-known is accepted.
 * Amounts are minor units, rates basis points, times in the unit their name ends with.
 * @throws ConfigError naming every variable that is missing or wrong.
 */
export function readConfig(env: Variables, providers: readonly ProviderVariables[]) {
  const parsed = environment.safeParse(env)
  const theirs = providers.map(({ variables }) => variables.safeParse(env))
  const issues = [parsed, ...theirs].flatMap(({ error }) => error?.issues ?? [])
  if (!parsed.success || issues.length > 0) {
    throw new ConfigError(issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('\n'))
  }
  const e = parsed.data
  const production = e.NODE_ENV === 'production'
  if (e.S3_BUCKET && !(e.S3_ACCESS_KEY_ID && e.S3_SECRET_ACCESS_KEY)) {
    throw new ConfigError('S3_ACCESS_KEY_ID, S3_SECRET_ACCESS_KEY: required with S3_BUCKET')
  }
  if (Boolean(e.HMRC_CLIENT_ID) !== Boolean(e.HMRC_CLIENT_SECRET)) {
    throw new ConfigError('HMRC_CLIENT_ID, HMRC_CLIENT_SECRET: one is of no use without the other')
  }
  if (production) {
    const read = providers.map((provider, index) => ({ ...provider, values: theirs[index]?.data ?? {} }))
    const problems = problemsInProduction(e, read)
    if (problems.length > 0) throw new ConfigError(problems.join('\n'))
  }
  return {
    production,
    ...serverOf(e),
    bootstrap: bootstrapOf(e),
    ...paymentsOf(e),
    /** How alike a buyer and a listed person are, 0 to 1, before a person decides, and before there is no order. */
    deniedPersons: { reviewScore: e.DENIED_PERSONS_REVIEW_SCORE, blockScore: e.DENIED_PERSONS_BLOCK_SCORE },
    velocityLimits: e.VELOCITY_LIMITS,
    easypost: easypostOf(e),
    printful: printfulOf(e),
    /** The variables of payment providers as they are written: each makes its own settings of them. */
    providerVariables: variablesOf(env, providers),
    /** `table`: the rates kept in our own database. `stripe`: Stripe Tax. */
    taxCalculator: e.TAX_CALCULATOR,
    viesApiBase: e.VIES_API_BASE,
    hmrc: hmrcOf(e),
    sandboxUrl: e.SANDBOX_URL,
    /** Where merchants may have their events sent. */
    webhooks: { allowHttp: !production, allowPrivate: e.WEBHOOKS_ALLOW_PRIVATE ?? !production },
    /** `forCarts`: buyers of carts are mailed too; without it their shop tells them everything but where money waits for them. */
    mail: { smtpUrl: e.SMTP_URL, from: e.MAIL_FROM, forCarts: e.MAILS_FOR_CARTS },
    s3: s3Of(e),
    /** Invoices and credit memos for the orders of carts too, which have neither taxes nor a selling entity. */
    invoicesForCarts: e.INVOICES_FOR_CARTS,
    uploadMaxBytes: e.UPLOAD_MAX_BYTES,
    downloadUrlSeconds: e.DOWNLOAD_URL_SECONDS,
    /** Without one, outside production, the installation keeps a random one in its data folder. */
    signingSecret: e.SIGNING_SECRET,
    /** For how long what has served is kept. */
    keptDays: {
      tasks: e.KEEP_TASKS_DAYS,
      events: e.KEEP_EVENTS_DAYS,
      webhooks: e.KEEP_WEBHOOKS_DAYS,
      carts: e.KEEP_CARTS_DAYS,
      mails: e.KEEP_MAILS_DAYS,
      timeline: e.KEEP_TIMELINE_DAYS,
    },
    tasks: tasksOf(e),
    providerTimeoutMs: e.PROVIDER_TIMEOUT_MS,
    providerPauseMs: e.PROVIDER_PAUSE_MS,
  }
}

export type Config = ReturnType<typeof readConfig>

const serverOf = (e: Environment) => ({
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
  /** Where traces go; the variable names the collector, as OpenTelemetry has it. */
  tracesEndpoint: e.OTEL_EXPORTER_OTLP_ENDPOINT && `${e.OTEL_EXPORTER_OTLP_ENDPOINT.replace(/\/+$/, '')}/v1/traces`,
  /** How long a request that is no upload may take to arrive. */
  requestTimeoutMs: e.REQUEST_TIMEOUT_MS,
  shutdownDelayMs: e.SHUTDOWN_DELAY_MS,
  trustedProxies: readTrustedProxies(e.TRUSTED_PROXIES),
  rateLimits: readRateLimits(e.RATE_LIMITS),
  workerMetricsPort: e.WORKER_METRICS_PORT,
})

const bootstrapOf = (e: Environment) => ({
  secretKey: e.BOOTSTRAP_SECRET_KEY,
  publishableKey: e.BOOTSTRAP_PUBLISHABLE_KEY,
  publishableKeyOrigins: e.BOOTSTRAP_PUBLISHABLE_KEY_ORIGINS,
  adminEmail: e.BOOTSTRAP_ADMIN_EMAIL,
  adminPassword: e.BOOTSTRAP_ADMIN_PASSWORD,
  sellerEmail: e.BOOTSTRAP_SELLER_EMAIL,
  sellerPassword: e.BOOTSTRAP_SELLER_PASSWORD,
})

const paymentsOf = (e: Environment) => ({
  rates: {
    commissionBps: e.PLATFORM_COMMISSION_BPS,
    commissionFixed: e.PLATFORM_COMMISSION_FIXED,
    referrerBps: e.REFERRER_BPS,
  },
  paymentWindowMinutes: e.ORDER_PAYMENT_WINDOW_MINUTES,
  /** How long a buyer has to send money to a voucher or an account. */
  pushPaymentDays: e.PUSH_PAYMENT_DAYS,
  /** How long before an authorization lapses what was fulfilled is captured, and a person is warned of the rest. */
  captureMarginHours: e.CAPTURE_MARGIN_HOURS,
  audit: { everyMs: e.AUDIT_EVERY_MINUTES * 60_000, graceMs: e.AUDIT_GRACE_MINUTES * 60_000 },
  fulfilmentToleranceBps: e.FULFILMENT_TOLERANCE_BPS,
  /** `threshold` in minor units of whichever currency. */
  payouts: { schedule: e.PAYOUT_SCHEDULE, threshold: e.PAYOUT_THRESHOLD, holdDays: e.PAYOUT_HOLD_DAYS },
  /** Who pays for what a refund does not bring back: the provider's fee, and goods that have left. */
  refundBearer: e.REFUND_BEARER,
  /** `expected`: a merchant pays the fee it was told before. `pass_through`: the one that the provider really took. */
  providerFee: e.PROVIDER_FEE,
})

const easypostOf = (e: Environment) =>
  e.EASYPOST_API_KEY
    ? {
        apiKey: e.EASYPOST_API_KEY,
        webhookSecrets: e.EASYPOST_WEBHOOK_SECRET ?? [],
        apiBase: e.EASYPOST_API_BASE,
      }
    : undefined

const hmrcOf = (e: Environment) =>
  e.HMRC_CLIENT_ID && e.HMRC_CLIENT_SECRET
    ? { clientId: e.HMRC_CLIENT_ID, clientSecret: e.HMRC_CLIENT_SECRET, apiBase: e.HMRC_API_BASE }
    : undefined

const printfulOf = (e: Environment) =>
  e.PRINTFUL_API_KEY
    ? {
        apiKey: e.PRINTFUL_API_KEY,
        storeId: e.PRINTFUL_STORE_ID,
        webhookSecrets: e.PRINTFUL_WEBHOOK_SECRET ?? [],
        apiBase: e.PRINTFUL_API_BASE,
      }
    : undefined

function variablesOf(env: Variables, providers: readonly ProviderVariables[]): Variables {
  const names = providers.flatMap(({ variables }) => Object.keys(variables.shape))
  return Object.fromEntries(names.map((name) => [name, env[name]]))
}

const s3Of = (e: Environment) =>
  e.S3_BUCKET && e.S3_ACCESS_KEY_ID && e.S3_SECRET_ACCESS_KEY
    ? {
        endpoint: e.S3_ENDPOINT,
        region: e.S3_REGION,
        bucket: e.S3_BUCKET,
        accessKeyId: e.S3_ACCESS_KEY_ID,
        secretAccessKey: e.S3_SECRET_ACCESS_KEY,
        forcePathStyle: e.S3_FORCE_PATH_STYLE,
      }
    : undefined

const tasksOf = (e: Environment) => ({
  leaseSeconds: e.TASK_LEASE_SECONDS,
  relayIntervalMs: e.RELAY_INTERVAL_MS,
  concurrency: e.WORKER_CONCURRENCY,
  lockMs: e.WORKER_LOCK_MS,
  retryDelayFactor: e.RETRY_DELAY_FACTOR,
})

export type RefundBearer = Config['refundBearer']
