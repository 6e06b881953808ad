import { runDemo } from './demo/run-demo.ts'
import { DemoError } from './demo/shop.ts'

// What `npm start` runs on the first start of a data folder: four orders from cart to CONFIRMED.

const { env } = process

try {
  const real = realProviders()
  if (!env.SANDBOX_URL || real.length > 0) {
    // Only the sandbox's money, postage and print jobs are free.
    console.log(`No demo orders: ${real.join(', ') || 'every provider'} is real.`)
  } else {
    await runDemo(
      {
        url: required('ORDERMILL_URL'),
        secretKey: required('ORDERMILL_SECRET_KEY'),
        publishableKey: required('ORDERMILL_PUBLISHABLE_KEY'),
        sandboxUrl: env.SANDBOX_URL,
      },
      console.log,
    )
  }
} catch (error) {
  if (!(error instanceof DemoError)) throw error
  console.error(error.message)
  process.exitCode = 1
}

/** The providers a demo order would reach that have keys and do not point at the sandbox. */
function realProviders(): string[] {
  return ['STRIPE', 'EASYPOST', 'PRINTFUL'].filter((name) => {
    const key = env[name === 'STRIPE' ? 'STRIPE_SECRET_KEY' : `${name}_API_KEY`]
    return key && !env[`${name}_API_BASE`]?.startsWith(env.SANDBOX_URL ?? 'sandbox')
  })
}

function required(name: string): string {
  const value = env[name]
  if (!value) throw new DemoError(`${name} is not set: npm start sets it; alone, the demo needs it from you.`)
  return value
}
