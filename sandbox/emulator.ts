import type { Route } from './http.ts'
import type { Played, World } from './world.ts'

/** A provider as the sandbox plays it. Its folder exports one, and `emulators.ts` lists it. */
export type Emulator = Played & {
  /** The variable that tells a sandbox of its own what to sign webhooks with. */
  secretVariable: string
  /** Its endpoints, the pages for its buyers and its switches under `/sandbox`; `close` ends what it would still do by itself. */
  start(world: World): { routes: readonly Route[]; close?: () => void }
}
