import { readFileSync } from 'node:fs'
import path from 'node:path'
import { pageHeaders, scriptNames } from '../../pages/page.ts'
import type { PageApp } from './page-app.ts'

const folder = path.resolve(import.meta.dirname, '../../pages/scripts')

/** `/assets/{name}.js`: the small scripts of our pages, from this server. */
export function registerAssets(app: PageApp): void {
  for (const name of scriptNames) {
    const script = readFileSync(path.join(folder, `${name}.js`), 'utf8')
    app.get(`/assets/${name}.js`, (c) =>
      c.body(script, 200, {
        ...pageHeaders("default-src 'none'"),
        'content-type': 'text/javascript; charset=utf-8',
        'cache-control': 'public, max-age=300',
      }),
    )
  }
}
