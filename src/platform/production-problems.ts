import type { Environment } from './environment.ts'

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

/** Everything that makes a configuration unfit for real money, one sentence each. */
export function problemsInProduction(e: Environment): string[] {
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
