import { printfulEventTypes } from '../../carriers/printful-events.ts'
import type { ProviderEntry } from '../../providers/provider-entry.ts'
import { providerEntries, registry } from '../../providers/registry.ts'

/** A provider of which the sandbox has an emulator, and what the application must be told to reach that one. */
interface SandboxProvider {
  readonly name: string
  /** The variable whose presence says that the real provider is to be used. */
  readonly key: string
  readonly settings: (sandboxUrl: string) => Readonly<Record<string, string>>
  /** The one of these settings that webhooks are signed with, where there are any. */
  readonly webhookSecret?: string
}

const CARRIERS_AND_REGISTERS: readonly SandboxProvider[] = [
  {
    name: 'EasyPost',
    key: 'EASYPOST_API_KEY',
    settings: (url) => ({
      EASYPOST_API_KEY: 'EZTK_sandbox',
      EASYPOST_WEBHOOK_SECRET: 'easypost_sandbox',
      EASYPOST_API_BASE: `${url}/easypost/v2`,
    }),
    webhookSecret: 'EASYPOST_WEBHOOK_SECRET',
  },
  {
    name: 'Printful',
    key: 'PRINTFUL_API_KEY',
    settings: (url) => ({
      PRINTFUL_API_KEY: 'printful_sandbox',
      PRINTFUL_WEBHOOK_SECRET: '7072696e7466756c5f73616e64626f78',
      PRINTFUL_API_BASE: `${url}/printful`,
    }),
    webhookSecret: 'PRINTFUL_WEBHOOK_SECRET',
  },
  {
    name: 'VIES',
    key: 'VIES_API_BASE',
    settings: (url) => ({ VIES_API_BASE: `${url}/vies/rest-api` }),
  },
  {
    name: 'HMRC',
    key: 'HMRC_CLIENT_ID',
    settings: (url) => ({
      HMRC_CLIENT_ID: 'hmrc_sandbox',
      HMRC_CLIENT_SECRET: 'hmrc_sandbox_secret',
      HMRC_API_BASE: `${url}/hmrc`,
    }),
  },
]

const PROVIDERS: readonly SandboxProvider[] = [
  ...providerEntries.map(({ name, key, webhookSecret, sandboxSecret, sandbox }) => ({
    name,
    key,
    settings: (url: string) => ({ ...sandbox(url), [webhookSecret]: sandboxSecret }),
    webhookSecret,
  })),
  ...CARRIERS_AND_REGISTERS,
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

/**
 * A sentence for each provider whose real key is set without what belongs to it: without its webhook secret nobody here is told that a buyer has
 * paid, without the key for pages nobody can enter a card.
 */
export function missingCompanions(env: NodeJS.ProcessEnv): string[] {
  const sentences = (key: string, companion: string | undefined, effect: string) =>
    companion && env[key] && !env[companion] ? [`${key} is set without ${companion}: ${effect}`] : []
  const pages = providerEntries.map(({ key, pageKey }: ProviderEntry) => ({ key, pageKey }))
  return [
    ...PROVIDERS.flatMap(({ key, name, webhookSecret }) =>
      sentences(key, webhookSecret, `webhooks of ${name} are refused, so nothing that happens there is heard of`),
    ),
    ...pages.flatMap(({ key, pageKey }) => sentences(key, pageKey, 'our own pages cannot show a form for cards')),
  ]
}

/** The settings of every provider without keys of its own, pointed at the sandbox. */
export function sandboxSettings(env: NodeJS.ProcessEnv, sandboxUrl: string): Record<string, string> {
  return Object.assign({}, ...PROVIDERS.filter(({ key }) => !env[key]).map(({ settings }) => settings(sandboxUrl)))
}

/** What the sandbox signs its webhooks with: its own well-known secrets, whatever real ones are set. */
export function sandboxSecrets(): Record<string, string> {
  const secrets = PROVIDERS.flatMap(({ settings, webhookSecret }) =>
    webhookSecret ? [[webhookSecret, settings('')[webhookSecret] ?? '']] : [],
  )
  return Object.fromEntries(secrets)
}

/** The types that the endpoints at the sandbox listen for, where they let one choose: what it is told at its start. */
export function sandboxEventTypes(): Record<string, string> {
  const chosen = Object.entries<ProviderEntry>(registry).flatMap(([name, { eventTypes }]) =>
    eventTypes ? [[`SANDBOX_${name.toUpperCase()}_EVENTS`, eventTypes.join(',')]] : [],
  )
  return { ...Object.fromEntries(chosen), SANDBOX_PRINTFUL_EVENTS: printfulEventTypes.join(',') }
}
