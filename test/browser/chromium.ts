import { existsSync } from 'node:fs'
import path from 'node:path'
import { type Browser, chromium } from 'playwright-core'

/** The Chromium of this machine: `CHROMIUM_PATH`, the usual place, or the `PATH`; undefined where there is none. */
export const chromiumPath: string | undefined = [
  process.env.CHROMIUM_PATH,
  '/usr/bin/chromium',
  ...(process.env.PATH ?? '').split(path.delimiter).map((folder) => path.join(folder, 'chromium')),
].find((file) => file && existsSync(file))

/** Whether the browser tests are left out. In CI they never are: there a missing browser is a failure. */
export const noBrowser = !chromiumPath && !process.env.CI

if (noBrowser)
  console.warn('The browser tests are skipped, because no Chromium is installed (set CHROMIUM_PATH to one).')

/** Starts a headless browser that talks to nobody but the pages it is shown. */
export function launchChromium(): Promise<Browser> {
  if (!chromiumPath) throw new Error('The browser tests need Chromium: install it, or set CHROMIUM_PATH.')
  return chromium.launch({
    executablePath: chromiumPath,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  })
}
