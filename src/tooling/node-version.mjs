/** Says in one sentence what is wrong with this Node version, or nothing when it will do. */
export function nodeVersionComplaint(version = process.versions.node) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  // The two lines are what Vite asks for; 21 and early 22 are missing `require` of ES modules.
  const fits = (major === 20 && minor >= 19) || (major === 22 && minor >= 12) || major > 22;
  return fits ? undefined : `Orrery needs Node 20.19 or newer (in the 22 line 22.12); this is Node ${version}. Get one at https://nodejs.org/ and run the command again.`;
}

/** Ends the program with that sentence when the version does not fit. */
export function requireNodeVersion() {
  const complaint = nodeVersionComplaint();
  if (complaint === undefined) return;
  console.error(complaint);
  process.exit(1);
}
