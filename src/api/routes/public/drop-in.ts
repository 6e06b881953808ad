import { readFileSync } from 'node:fs'
import path from 'node:path'
import type { ApiApp } from '../../env.ts'
import { openToAnyone } from '../../gates.ts'

const folder = path.resolve(import.meta.dirname, '../../drop-in')
const script = 'text/javascript; charset=utf-8'

/** Where Digital River's pages look for the script and its styles, and the parts that the script fetches itself. */
const files: Record<string, [file: string, type: string]> = {
  '/v1/DigitalRiver.js': ['DigitalRiver.js', script],
  '/v1/css/DigitalRiver.css': ['DigitalRiver.css', 'text/css; charset=utf-8'],
  ...Object.fromEntries(
    ['api', 'drop-in', 'elements', 'sources', 'words'].map((name) => [
      `/v1/modules/${name}.js`,
      [`${name}.js`, script],
    ]),
  ),
}

/** The drop-in script, for pages of any site: `/v1/DigitalRiver.js` and what belongs to it. It holds nothing that is anybody's. */
export function registerDropIn(app: ApiApp): void {
  for (const [address, [file, type]] of Object.entries(files)) {
    const content = readFileSync(path.join(folder, file), 'utf8')
    app.get(address, openToAnyone, (c) => {
      c.header('access-control-allow-origin', '*')
      return c.body(content, 200, { 'content-type': type, 'cache-control': 'public, max-age=300' })
    })
  }
}
