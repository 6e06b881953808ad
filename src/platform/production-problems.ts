import type { Environment } from './environment.ts'
import type { ProviderVariables } from './provider-variables.ts'

/** Values that are printed in this repository and therefore protect nothing. Production refuses them. */
const publishedSecrets = [
  'sk_test_demo',
  'pk_test_demo',
  'ordermill-demo',
  'easypost_sandbox',
  '7072696e7466756c5f73616e64626f78',
  'hmrc_sandbox_secret',
]

/** What strangers must not guess: these are ours to choose, so they are long. Providers' own keys are as they are given. */
const ownSecrets = [
  'METRICS_TOKEN',
  'SIGNING_SECRET',
  'BOOTSTRAP_SECRET_KEY',
  'BOOTSTRAP_PUBLISHABLE_KEY',
  'EASYPOST_WEBHOOK_SECRET',
  'PRINTFUL_WEBHOOK_SECRET',
] as const satisfies (keyof Environment)[]

const isGuessable = (secret: string): boolean => secret.length < 16 || new Set(secret).size < 8

/**
 * Everything that makes a configuration unfit for real money, one sentence each. `providers` are those that there are, with what their
 * variables hold.
 */
export function problemsInProduction(
  e: Environment,
  providers: readonly (Omit<ProviderVariables, 'variables'> & { values: Record<string, unknown> })[],
): string[] {
  const published = new Set([...publishedSecrets, ...providers.map(({ sandboxSecret }) => sandboxSecret)])
  const all: Record<string, unknown> = Object.assign({}, e, ...providers.map(({ values }) => values))
  const problems = Object.entries(all).flatMap(([name, value]) =>
    [value].flat().some((entry) => typeof entry === 'string' && published.has(entry))
      ? [`${name}: is a published demo value and may not be used in production`]
      : [],
  )
  for (const name of [...ownSecrets, ...providers.map(({ webhookSecret }) => webhookSecret)]) {
    if ([all[name] ?? []].flat().some((entry) => isGuessable(String(entry))))
      problems.push(`${name}: can be guessed; use 16 characters at least, and different ones`)
  }
  if (!e.PUBLIC_URL) problems.push('PUBLIC_URL: required in production')
  if (e.PUBLIC_URL && !isPrivateChannel(e.PUBLIC_URL)) problems.push('PUBLIC_URL: must be https in production')
  if (!e.METRICS_TOKEN) problems.push('METRICS_TOKEN: required in production')
  if (e.WEBHOOKS_ALLOW_PRIVATE) problems.push('WEBHOOKS_ALLOW_PRIVATE: may not be set in production')
  if (!e.SIGNING_SECRET) problems.push('SIGNING_SECRET: required in production')
  for (const { key, webhookSecret, values } of providers) {
    // Without it nobody is told that a buyer has paid.
    if (values[key] && [values[webhookSecret] ?? []].flat().length === 0)
      problems.push(`${webhookSecret}: required with ${key} in production`)
  }
  return problems
}

/** What stays on this machine is read by nobody on the way, so a trial on loopback needs no certificate. */
function isPrivateChannel(publicUrl: string): boolean {
  const { protocol, hostname } = new URL(publicUrl)
  return protocol === 'https:' || (protocol === 'http:' && /^(localhost|127(\.\d+){3}|\[::1\])$/.test(hostname))
}
