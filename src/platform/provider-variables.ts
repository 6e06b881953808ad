import type { z } from 'zod'

/** An environment as it is written. */
export type Variables = Readonly<Record<string, string | undefined>>

/** What a payment provider reads of the environment. Its folder declares it; it is checked together with everything else. */
export type ProviderVariables = {
  /** Its variables and what they may hold. */
  variables: z.ZodObject
  /** The variable whose presence says that the real provider is to be used. */
  key: string
  /** The variable with what its webhooks are signed with: required with the key in production, and nothing that can be guessed. */
  webhookSecret: string
  /** What the sandbox signs with. It is printed in this repository and protects nothing: production refuses it. */
  sandboxSecret: string
}
