import { existsSync } from 'node:fs'
import path from 'node:path'
import { whenParentEnds } from './boot/services/parent-watch.ts'
import { SetupError } from './boot/services/setup-error.ts'
import { type Stack, startStack } from './boot/services/stack.ts'
import { Supervisor } from './boot/services/supervisor.ts'

// `npm start`: everything on this machine, for trying and developing. Production runs the lines of the Procfile.

const startedAt = performance.now()
const print = (line: string) => console.log(line)
const supervisor = new Supervisor({ print })
const interrupted = listenForSignals()

try {
  await Promise.race([run(), supervisor.failed, interrupted])
  await supervisor.stop()
  print('Stopped')
  process.exit(0)
} catch (error) {
  console.error(explain(error))
  await supervisor.stop()
  process.exit(1)
}

async function run(): Promise<void> {
  const root = process.cwd()
  if (existsSync(path.join(root, '.env'))) process.loadEnvFile(path.join(root, '.env'))
  if (process.env.NODE_ENV === 'production') {
    throw new SetupError(
      'npm start is for trying and developing: it runs its own Postgres and Redis and well-known keys. ' +
        'In production run the processes of the Procfile (or docker-compose.yml) with your own DATABASE_URL, REDIS_URL and secrets.',
    )
  }
  if (!existsSync(path.join(root, 'src/main.ts'))) {
    throw new SetupError(`There is no src/main.ts in ${root}: run npm start in the folder of Ordermill.`)
  }
  banner(await startStack({ root, env: { ...process.env }, supervisor, print }))
  await interrupted
}

function banner({ url, sandboxUrl, dataDir, env }: Stack): void {
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1)
  const lines: (readonly [string, string] | undefined)[] = [
    ['API', url],
    ['Guides', `${url}/docs/guides`],
    ['API docs', `${url}/docs`],
    sandboxUrl ? ['Example shop', `${url}/shop`] : undefined,
    ['Operations', `${url}/ops with Bull Board at /ops/queues and the buyers' mails at /ops/mailbox`],
    sandboxUrl ? ['Sandbox', `${sandboxUrl} (plays the providers; buyers of test orders pay at /pay/…)`] : undefined,
    ['Secret key', env.BOOTSTRAP_SECRET_KEY ?? ''],
    ['Publishable', env.BOOTSTRAP_PUBLISHABLE_KEY ?? ''],
    ['Admin', `${env.BOOTSTRAP_ADMIN_EMAIL} / ${env.BOOTSTRAP_ADMIN_PASSWORD}`],
    ['Dashboard', `${url}/dashboard (${env.BOOTSTRAP_SELLER_EMAIL} / ${env.BOOTSTRAP_SELLER_PASSWORD})`],
    ['Data', `${dataDir} (logs in ${path.join(dataDir, 'logs')})`],
    ['Stop', 'Ctrl-C'],
  ]
  print(`\nOrdermill is running, ${seconds} s after the start.\n`)
  for (const line of lines) if (line) print(`  ${line[0].padEnd(12)} ${line[1]}`)
  print('')
}

/**
 * Resolves at the first request to stop; a second one kills what still runs. The terminal sends its Ctrl-C to npm and
 * to us, and npm passes it on as well: what follows within a second is the same Ctrl-C.
 */
function listenForSignals(): Promise<void> {
  return new Promise((resolve) => {
    let firstAt: number | undefined
    const onSignal = () => {
      const now = performance.now()
      if (firstAt === undefined) {
        firstAt = now
        print('\nStopping; press Ctrl-C again to kill')
        resolve()
      } else if (now - firstAt > 1_000) {
        supervisor.kill().finally(() => process.exit(130))
      }
    }
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, onSignal)
    // The end of npm may follow from a signal that reached us too: it never counts as the second request.
    if (process.env.npm_lifecycle_event) whenParentEnds(() => firstAt === undefined && onSignal())
  })
}

function explain(error: unknown): string {
  if (error instanceof SetupError) return error.message
  if (error instanceof Error && 'code' in error && (error.code === 'EACCES' || error.code === 'EPERM')) {
    return `This user may not do what starting needs (${error.message}): the data folder may belong to another user; remove it as that user or set DATA_DIR.`
  }
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}
