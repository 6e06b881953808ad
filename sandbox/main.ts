import { emulators } from './emulators.ts'
import { startSandbox } from './server.ts'

const { env } = process

/** What the variable of each provider says, where it is set. */
const ofEach = <Value>(variableOf: (name: string) => string, read: (value: string) => Value): Record<string, Value> =>
  Object.fromEntries(
    Object.keys(emulators).flatMap((name) => {
      const value = env[variableOf(name)]
      return value ? [[name, read(value)]] : []
    }),
  )

const sandbox = await startSandbox({
  port: Number(env.SANDBOX_PORT ?? 4010),
  webhookTarget: env.SANDBOX_WEBHOOK_TARGET || undefined,
  enabledEvents: ofEach(
    (name) => `SANDBOX_${name.toUpperCase()}_EVENTS`,
    (types) => types.split(','),
  ),
  databaseFile: env.SANDBOX_DATA_FILE || undefined,
  latencyMs: Number(env.SANDBOX_LATENCY_MS ?? 0),
  secrets: ofEach(
    (name) => emulators[name]?.secretVariable ?? '',
    (secret) => secret,
  ),
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
