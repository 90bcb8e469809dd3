/** Requests for certificates. Models pkg/apis/certificates/validation/validation.go; the request's own bytes are not read. */
import { duplicate, invalid, notSupported, required } from '../../apimachinery/field-errors.ts';
import type { CertificateRequestSpec, Of } from '../kept-specs.ts';
import { pathSegmentName, pushInvalid, subdomainName, validateMetadata, validateMetadataUpdate, type Errors } from './metadata.ts';

const usagesThereAre = [
  'signing', 'digital signature', 'content commitment', 'key encipherment', 'key agreement', 'data encipherment', 'cert sign', 'crl sign', 'encipher only', 'decipher only', 'any', 'server auth', 'client auth',
  'code signing', 'email protection', 's/mime', 'ipsec end system', 'ipsec tunnel', 'ipsec user', 'timestamping', 'ocsp signing', 'microsoft sgc', 'netscape sgc',
].sort();
const shortestSeconds = 600;

/** Models ValidateSignerName. */
function validateSigner(errors: Errors, signer: string): void {
  const path = 'spec.signerName';
  const [domain = '', name, ...more] = signer.split('/');
  if (signer === '') errors.push(required(path));
  else if (name === undefined || more.length > 0) errors.push(invalid(path, signer, "must be a fully qualified domain and path of the form 'example.com/signer-name'"));
  else if (signer === 'kubernetes.io/legacy-unknown') errors.push(invalid(path, signer, 'the legacy signerName is not allowed via this API version'));
  else {
    pushInvalid(errors, path, domain, subdomainName(domain));
    if (!domain.includes('.')) errors.push(invalid(path, domain, 'should be a domain with at least two segments separated by dots'));
    pushInvalid(errors, path, name, subdomainName(name));
  }
}

export function validateCertificateRequest(errors: Errors, { metadata, spec }: Of<CertificateRequestSpec | undefined>): void {
  validateMetadata(errors, metadata, false, pathSegmentName);
  const { usages = [], signerName = '', expirationSeconds } = spec ?? {};
  if (usages.length === 0) errors.push(required('spec.usages'));
  usages.forEach((usage, index) => { if (!usagesThereAre.includes(usage)) errors.push(notSupported(`spec.usages[${index}]`, usage, usagesThereAre)); });
  usages.forEach((usage, index) => { if (usages.indexOf(usage) < index) errors.push(duplicate(`spec.usages[${index}]`, usage)); });
  validateSigner(errors, signerName);
  if (expirationSeconds !== undefined && expirationSeconds < shortestSeconds) errors.push(invalid('spec.expirationSeconds', expirationSeconds, `may not specify a duration less than ${shortestSeconds} seconds (10 minutes)`));
}

/** The spec stays as it is whatever an update says. */
export const validateCertificateRequestUpdate = (errors: Errors, { metadata }: Of<unknown>, old: Of<unknown>): void => validateMetadataUpdate(errors, metadata, old.metadata);
