/**
 * The token of the admin API for those who give none by an option. It is not seen here in the list of processes, as the
 * command line is.
 */
export function adminTokenOf({ AORTA_ADMIN_TOKEN: token }: NodeJS.ProcessEnv): string | undefined {
  return token === '' ? undefined : token;
}
