import { execFile } from 'node:child_process'

/** Runs `jackdaw …` as a user does. @returns what it printed, both streams, and its exit code */
export function jackdaw(
  args: readonly string[],
  bootstrapServers: string,
): Promise<{ readonly code: number; readonly printed: string }> {
  const words = ['dist/src/cli/bin.js', '--bootstrap-server', bootstrapServers, ...args]
  return new Promise((resolve) => {
    execFile(process.execPath, words, { encoding: 'utf8', timeout: 90_000 }, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === 'number' ? error.code : 1
      resolve({ code, printed: stdout + stderr })
    })
  })
}
