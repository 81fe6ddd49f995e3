/** What to do about a server whose certificate is not to be trusted; undefined for other errors. */
export function untrusted(code: string | undefined): string | undefined {
  return code !== undefined && /CERT|SIGNED|ISSUER|ALTNAME/.test(code)
    ? `its certificate is not to be trusted, ${code}: put that of its authority into a file and name it in NODE_EXTRA_CA_CERTS`
    : undefined;
}
