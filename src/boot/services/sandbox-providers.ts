/** A provider of which the sandbox has an emulator, and what the application must be told to reach that one. */
interface SandboxProvider {
  readonly name: string
  /** The variable whose presence says that the real provider is to be used. */
  readonly key: string
  readonly settings: (sandboxUrl: string) => Readonly<Record<string, string>>
}

const PROVIDERS: readonly SandboxProvider[] = [
  {
    name: 'Stripe',
    key: 'STRIPE_SECRET_KEY',
    settings: (url) => ({
      STRIPE_SECRET_KEY: 'sk_test_sandbox',
      STRIPE_WEBHOOK_SECRET: 'whsec_sandbox',
      STRIPE_API_BASE: url,
    }),
  },
  {
    name: 'EasyPost',
    key: 'EASYPOST_API_KEY',
    settings: (url) => ({
      EASYPOST_API_KEY: 'EZTK_sandbox',
      EASYPOST_WEBHOOK_SECRET: 'easypost_sandbox',
      EASYPOST_API_BASE: `${url}/easypost/v2`,
    }),
  },
  {
    name: 'Printful',
    key: 'PRINTFUL_API_KEY',
    settings: (url) => ({
      PRINTFUL_API_KEY: 'printful_sandbox',
      PRINTFUL_WEBHOOK_SECRET: '7072696e7466756c5f73616e64626f78',
      PRINTFUL_API_BASE: `${url}/printful`,
    }),
  },
  {
    name: 'VIES',
    key: 'VIES_API_BASE',
    settings: (url) => ({ VIES_API_BASE: `${url}/vies/rest-api` }),
  },
  {
    name: 'Bonum',
    key: 'BONUM_APP_SECRET',
    settings: (url) => ({
      BONUM_APP_SECRET: 'bonum_sandbox',
      BONUM_TERMINAL_ID: 'sandbox',
      BONUM_CHECKSUM_KEY: 'bonum_sandbox',
      BONUM_API_BASE: `${url}/bonum`,
    }),
  },
]

export interface ProviderChoice {
  readonly real: readonly string[]
  readonly sandboxed: readonly string[]
}

/** Which providers are real, because their keys are set, and which the sandbox plays. */
export function chooseProviders(env: NodeJS.ProcessEnv): ProviderChoice {
  return {
    real: PROVIDERS.filter(({ key }) => env[key]).map(({ name }) => name),
    sandboxed: PROVIDERS.filter(({ key }) => !env[key]).map(({ name }) => name),
  }
}

/** The settings of every provider without keys of its own, pointed at the sandbox. */
export function sandboxSettings(env: NodeJS.ProcessEnv, sandboxUrl: string): Record<string, string> {
  return Object.assign({}, ...PROVIDERS.filter(({ key }) => !env[key]).map(({ settings }) => settings(sandboxUrl)))
}

/** What the sandbox signs its webhooks with: its own well-known secrets, whatever real ones are set. */
export function sandboxSecrets(): Record<string, string> {
  const all: Record<string, string> = Object.assign({}, ...PROVIDERS.map(({ settings }) => settings('')))
  const secrets = Object.entries(all).filter(
    ([name]) => name.endsWith('_WEBHOOK_SECRET') || name === 'BONUM_CHECKSUM_KEY',
  )
  return Object.fromEntries(secrets)
}
