import { z } from 'zod'
import { originsSchema } from './origins.ts'
import { rateLimitsPattern } from './rate-limits.ts'
import { trustedProxiesSchema } from './trusted-proxies.ts'
import { commaList, count, optional, text, withDefault } from './variable-kinds.ts'

const score = (value: number) => withDefault(z.coerce.number().min(0).max(1), value)

/** The variables that are read, as they are written in `.env.example`. Those of a payment provider stand in its folder. */
export const environment = z.object({
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
  OTEL_EXPORTER_OTLP_ENDPOINT: optional(z.url()),
  TRUSTED_PROXIES: withDefault(commaList.pipe(trustedProxiesSchema), 'loopback'),
  REQUEST_TIMEOUT_MS: withDefault(z.coerce.number().int().min(100), 30_000),
  SHUTDOWN_DELAY_MS: withDefault(z.coerce.number().int().min(0).max(60_000), 2_000),
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
  ORDER_PAYMENT_WINDOW_MINUTES: count(120),
  TAX_CALCULATOR: withDefault(z.enum(['table', 'stripe']), 'table'),
  CAPTURE_MARGIN_HOURS: count(24),
  AUDIT_EVERY_MINUTES: count(60),
  AUDIT_GRACE_MINUTES: withDefault(z.coerce.number().int().min(0), 60),
  FULFILMENT_TOLERANCE_BPS: count(1000),
  PAYOUT_SCHEDULE: withDefault(z.enum(['off', 'daily', 'weekly', 'monthly']), 'off'),
  PAYOUT_THRESHOLD: count(0),
  PAYOUT_HOLD_DAYS: count(0),
  REFUND_BEARER: withDefault(z.enum(['merchant', 'platform']), 'merchant'),
  PROVIDER_FEE: withDefault(z.enum(['expected', 'pass_through']), 'expected'),
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

  EASYPOST_API_KEY: optional(text),
  EASYPOST_WEBHOOK_SECRET: optional(commaList),
  EASYPOST_API_BASE: withDefault(z.url(), 'https://api.easypost.com/v2'),
  PRINTFUL_API_KEY: optional(text),
  PRINTFUL_WEBHOOK_SECRET: optional(commaList),
  PRINTFUL_STORE_ID: optional(text),
  PRINTFUL_API_BASE: withDefault(z.url(), 'https://api.printful.com'),
  VIES_API_BASE: withDefault(z.url(), 'https://ec.europa.eu/taxation_customs/vies/rest-api'),
  HMRC_CLIENT_ID: optional(text),
  HMRC_CLIENT_SECRET: optional(text),
  HMRC_API_BASE: withDefault(z.url(), 'https://api.service.hmrc.gov.uk'),
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

  KEEP_TASKS_DAYS: withDefault(z.coerce.number().int().min(1), 30),
  KEEP_EVENTS_DAYS: withDefault(z.coerce.number().int().min(1), 30),
  KEEP_WEBHOOKS_DAYS: withDefault(z.coerce.number().int().min(1), 180),
  KEEP_CARTS_DAYS: withDefault(z.coerce.number().int().min(1), 90),
  KEEP_MAILS_DAYS: withDefault(z.coerce.number().int().min(1), 180),
  KEEP_TIMELINE_DAYS: withDefault(z.coerce.number().int().min(1), 730),

  INVOICES_FOR_CARTS: withDefault(z.stringbool(), 'false'),

  WEBHOOKS_ALLOW_PRIVATE: optional(z.stringbool()),

  SMTP_URL: optional(z.url()),
  MAIL_FROM: withDefault(text, 'Ordermill <no-reply@localhost>'),
  MAILS_FOR_CARTS: withDefault(z.stringbool(), 'true'),

  TASK_LEASE_SECONDS: count(20),
  RELAY_INTERVAL_MS: count(1000),
  WORKER_CONCURRENCY: count(32),
  WORKER_LOCK_MS: count(30_000),
  PROVIDER_TIMEOUT_MS: count(20_000),
  PROVIDER_PAUSE_MS: count(30_000),
  RETRY_DELAY_FACTOR: withDefault(z.coerce.number().min(0), 1),
})

export type Environment = z.infer<typeof environment>
