import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'

type Validate = (value: unknown) => string[]
type Oracle = {
  stripeTypes(name: string): Validate
  openapi(file: string): {
    request(method: string, url: string, body: unknown): string[]
    response(method: string, url: string, status: number, body: unknown): string[]
    schema(name: string): Validate
  }
}

const folder = path.resolve(import.meta.dirname, '../../../shared')
const oracleFile = path.join(folder, 'tools/oracle.mjs')

/** Whether the providers' contract documents stand beside this clone. */
export const documentsFound = (): boolean => existsSync(oracleFile)

/** The same for a suite that is nothing without them. CI must have them; elsewhere the suite says so. */
export function documentsPresent(suite: string): boolean {
  if (documentsFound()) return true
  const sentence = `${suite}: not run, because the providers' contract documents are not beside this clone.`
  if (process.env.CI) throw new Error(sentence)
  console.warn(sentence)
  return false
}

/** The validators of the providers' documents. */
export async function loadOracle(): Promise<Oracle> {
  return (await import(pathToFileURL(oracleFile).href)) as Oracle
}

/** A JSON document beside the clone. */
export function document<Content>(file: string): Content {
  return JSON.parse(readFileSync(path.join(folder, 'specs', file), 'utf8')) as Content
}

/** A text document beside the clone. */
export function textDocument(file: string): string {
  return readFileSync(path.join(folder, 'specs', file), 'utf8')
}
