import type { Sql } from '../../../database/database.ts'
import { readFileView } from '../../../files/read-files.ts'
import { ApiError } from '../../../platform/errors.ts'
import type { TaxCertificate } from '../../../tax/tax-certificate.ts'

/** The files of certificates are the merchant's own. @throws ApiError `invalid_parameter` for another one */
export async function requireFiles(
  on: Sql,
  merchantId: string,
  { taxCertificates = [] }: { taxCertificates?: TaxCertificate[] | undefined },
): Promise<void> {
  for (const [index, { fileId }] of taxCertificates.entries()) {
    if (fileId === undefined) continue
    const parameter = `taxCertificates.${index}.fileId`
    await readFileView(on, merchantId, fileId).catch((cause: unknown) => {
      if (!(cause instanceof ApiError) || cause.code !== 'not_found') throw cause
      throw new ApiError('invalid_parameter', { message: `${parameter}: there is no such file.`, parameter, cause })
    })
  }
}
