import { XMLBuilder, XMLParser } from 'fast-xml-parser'

const builder = new XMLBuilder({})
// Every value stays the text that it is: a reference begins with zeros.
const parser = new XMLParser({ parseTagValue: false, ignoreAttributes: true })

/** A document with the names and texts of an object. */
export const writeXml = (document: Record<string, unknown>): string =>
  `<?xml version="1.0" encoding="UTF-8"?>${builder.build(document)}`

/** The names and texts of a document, as objects; what stands several times is a list. @throws Error for what is no XML */
export const readXml = (text: string): unknown => parser.parse(text, true)
