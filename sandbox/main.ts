import { startSandbox } from './server.ts'

const { env } = process

const sandbox = await startSandbox({
  port: Number(env.SANDBOX_PORT ?? 4010),
  webhookTarget: env.SANDBOX_WEBHOOK_TARGET || undefined,
  enabledEvents: {
    ...(env.SANDBOX_STRIPE_EVENTS ? { stripe: env.SANDBOX_STRIPE_EVENTS.split(',') } : {}),
    ...(env.SANDBOX_PRINTFUL_EVENTS ? { printful: env.SANDBOX_PRINTFUL_EVENTS.split(',') } : {}),
  },
  snapshotFile: env.SANDBOX_DATA_FILE || undefined,
  latencyMs: Number(env.SANDBOX_LATENCY_MS ?? 0),
  secrets: {
    ...(env.STRIPE_WEBHOOK_SECRET ? { stripe: env.STRIPE_WEBHOOK_SECRET } : {}),
    ...(env.EASYPOST_WEBHOOK_SECRET ? { easypost: env.EASYPOST_WEBHOOK_SECRET } : {}),
    ...(env.PRINTFUL_WEBHOOK_SECRET ? { printful: env.PRINTFUL_WEBHOOK_SECRET } : {}),
    ...(env.BONUM_CHECKSUM_KEY ? { bonum: env.BONUM_CHECKSUM_KEY } : {}),
  },
})
console.log(`sandbox: providers answer on ${sandbox.url}, webhooks go to ${env.SANDBOX_WEBHOOK_TARGET || 'nobody yet'}`)

let closing = false
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    if (closing) return
    closing = true
    sandbox.close().then(
      () => process.exit(0),
      (error: unknown) => {
        console.error('sandbox: could not close cleanly', error)
        process.exit(1)
      },
    )
  })
}
