import type { FileParts } from '../../../files/files.ts'
import type { ApiApp } from '../../env.ts'
import type { ApiParts } from '../../route-dependencies.ts'
import { registerDownloadFile } from './download-file.ts'
import { registerReadFile } from './read-file.ts'
import { registerUploadFile } from './upload-file.ts'

/** Files of digital products: in from the seller, out to the owner and to whoever holds a signed link. */
export function registerFiles(app: ApiApp, parts: ApiParts & FileParts): void {
  registerUploadFile(app, parts)
  registerReadFile(app, parts)
  registerDownloadFile(app, parts)
}
