// Each thread's instance of the core works in scratch space of its own; the shared tables are read-only.

/** Where this thread's scratch space begins. */
export let scratchAt: usize = 0

/** Tells this instance where it may work. Called once, before anything else. */
export function useScratch(at: usize): void {
  scratchAt = at
}
